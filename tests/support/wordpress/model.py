"""What a WordPress keeps: post types, posts, media, and how its addresses are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

# What everybody may read; the others are the editors' own.
PUBLISH, FUTURE, DRAFT, PRIVATE, TRASH = "publish", "future", "draft", "private", "trash"

DAY_AND_NAME = "/%year%/%monthnum%/%day%/%postname%/"
NUMERIC = "/archives/%post_id%"
POST_NAME = "/%postname%/"
PLAIN = ""

# Where WordPress puts what was uploaded in the month in which the play begins.
UPLOADS = "/wp-content/uploads/2025/01/"

BEGINNING = datetime(2025, 1, 15, 12, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PostType:
    """A type that `/wp/v2/types` names; `rewrite` is the folder of its links."""

    name: str
    rest_base: str
    label: str
    rewrite: str = ""
    hierarchical: bool = False


POST = PostType("post", "posts", "Posts")
PAGE = PostType("page", "pages", "Pages", hierarchical=True)
REPORT = PostType("report", "reports", "Reports", rewrite="reports")
# Whoever registers a type may call its collection as he likes.
DOSSIER = PostType("dossier", "long-reads", "Long reads", rewrite="dossiers")

# What a stranger is shown nothing of, or what is no page: core names them all the same.
MACHINERY = (
    PostType("attachment", "media", "Media"),
    PostType("nav_menu_item", "menu-items", "Navigation Menu Items"),
    PostType("wp_block", "blocks", "Reusable blocks"),
    PostType("wp_template", "templates", "Templates"),
    PostType("wp_template_part", "template-parts", "Template Parts"),
    PostType("wp_navigation", "navigation", "Navigation Menus"),
)


@dataclass(frozen=True, slots=True)
class Media:
    """One upload. `version` tells the files apart that its name has had, `file_at` when the present one was put."""

    id: int
    date: datetime
    modified: datetime
    file_at: datetime
    parent: int = 0
    alt: str = ""
    caption: str = ""
    description: str = ""
    credit: str = ""
    version: int = 0

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return f"photo-{self.id}"

    def path(self, size: str = "full") -> str:
        """Where on the site the file is."""
        return f"{UPLOADS}{self.slug}{SIZE_ENDINGS[size]}.png"


# Sides of the sizes that are made of an upload, in pixels, and what their names end in: small, yet larger than icons.
SIZES = {"full": 96, "medium": 64, "thumbnail": 40}
SIZE_ENDINGS = {"full": "", "medium": "-64x64", "thumbnail": "-40x40"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in a post's text, which has its own alt text and caption."""

    media: int
    alt: str
    caption: str
    size: str = "full"


@dataclass(frozen=True, slots=True)
class Post:
    """A post, a page, or one of a site's own types."""

    id: int
    type: str
    slug: str
    title: str
    date: datetime
    modified: datetime
    status: str = PUBLISH
    text: str = "The story goes on."
    figures: tuple[Figure, ...] = ()
    featured: int = 0
    is_protected: bool = False
    old_slugs: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it; a password hides its text alone."""
        return self.status == PUBLISH
