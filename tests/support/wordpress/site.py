"""A WordPress site as a value with operations, each with the real one's meaning of `date`, `modified` and `status`.

    site = Site()
    media = site.upload(alt="Kim waves")
    post = site.publish(figures=(Figure(media, "Kim", "Kim waves."),), featured=media)
    site.pass_time(minutes=5)
    site.trash(post)

Times are UTC, and the site's clock goes only when it is told to. What is said of WordPress is said of 6.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from wordpress.model import (
    BEGINNING,
    DOSSIER,
    DRAFT,
    FUTURE,
    PAGE,
    POST,
    POST_NAME,
    PRIVATE,
    PUBLISH,
    REPORT,
    TRASH,
    Figure,
    Media,
    Post,
    PostType,
)


@dataclass
class Site:
    """One site; `base` is its address without a slash at the end, `offset` its local time's from UTC."""

    base: str = "http://127.0.0.1"
    now: datetime = BEGINNING
    offset: timedelta = timedelta(hours=-5)
    permalinks: str = POST_NAME
    # The most that the host lets a list hold, and whether it says so or just sends fewer.
    most_per_page: int = 100
    caps_silently: bool = False
    types: tuple[PostType, ...] = (POST, PAGE, REPORT, DOSSIER)
    posts: dict[int, Post] = field(default_factory=dict)
    media: dict[int, Media] = field(default_factory=dict)
    last_id: int = 0

    # Asked

    def type_of(self, post: Post) -> PostType:
        """The type of a post."""
        return next(one for one in self.types if one.name == post.type)

    def public_posts(self) -> Iterator[Post]:
        """What everybody may know of."""
        return (post for post in self.posts.values() if post.is_public)

    def is_readable(self, media: Media) -> bool:
        """Whether everybody may read a media item's record: it inherits the status of what it was uploaded to."""
        parent = self.posts.get(media.parent)
        return parent is None or parent.is_public

    def link_of(self, post: Post) -> str:
        """The post's address."""
        kind = self.type_of(post)
        if not self.permalinks:
            return f"{self.base}/?{_plain_query(kind, post)}"
        if kind is not POST:
            return f"{self.base}/{kind.rewrite + '/' if kind.rewrite else ''}{post.slug}/"
        local = post.date + self.offset
        path = self.permalinks
        for tag, value in (
            ("%year%", f"{local:%Y}"),
            ("%monthnum%", f"{local:%m}"),
            ("%day%", f"{local:%d}"),
            ("%postname%", post.slug),
            ("%post_id%", str(post.id)),
        ):
            path = path.replace(tag, value)
        return self.base + path

    def media_link(self, media: Media) -> str:
        """The address of a media item's own page."""
        return f"{self.base}/{media.slug}/" if self.permalinks else f"{self.base}/?attachment_id={media.id}"

    # Time

    def pass_time(self, **spans: float) -> None:
        """Let time go on; wp-cron publishes what is due, which changes its status and nothing else."""
        self.now += timedelta(**spans)
        for post in self.posts.values():
            if post.status == FUTURE and post.date <= self.now:
                self.posts[post.id] = replace(post, status=PUBLISH)

    # Posts

    def publish(self, type: str = "post", **fields: object) -> int:  # noqa: A002 - WordPress's word
        """Publish something new now; its id."""
        return self._add(type, {"date": self.now, "modified": self.now, **fields})

    def schedule(self, at: datetime, type: str = "post", **fields: object) -> int:  # noqa: A002
        """Save something now that becomes public later."""
        return self._add(type, {"date": at, "modified": self.now, "status": FUTURE, **fields})

    def draft(self, type: str = "post", **fields: object) -> int:  # noqa: A002
        """Save something that is not published."""
        return self._add(type, {"date": self.now, "modified": self.now, "status": DRAFT, **fields})

    def import_post(self, date: datetime, type: str = "post", **fields: object) -> int:  # noqa: A002
        """Take over what was published elsewhere: the importer keeps its date, which is its `modified` too."""
        return self._add(type, {"date": date, "modified": date, **fields})

    def save(self, post: int, **fields: object) -> None:
        """Change something of a post, as the editor's button does."""
        self._put(post, {"modified": self.now, **fields})

    def publish_draft(self, post: int) -> None:
        """Publish what was saved as a draft, or was made private."""
        self.save(post, status=PUBLISH)

    def trash(self, post: int) -> None:
        """Move it to the trash; its slug is free again."""
        self.save(post, status=TRASH, slug=f"{self.posts[post].slug}__trashed")

    def restore(self, post: int) -> None:
        """Take it from the trash and publish it again, under its slug or what is free of that kind."""
        slug = self.posts[post].slug.removesuffix("__trashed")
        self.save(post, status=PUBLISH, slug=self.free_slug(slug, post))

    def delete(self, post: int) -> None:
        """Delete it for good; what was uploaded to it belongs to nothing then."""
        del self.posts[post]
        for media in self.media.values():
            if media.parent == post:
                self.media[media.id] = replace(media, parent=0)

    def make_private(self, post: int) -> None:
        """Hide it from everybody but the editors."""
        self.save(post, status=PRIVATE)

    def protect(self, post: int) -> None:
        """Ask for a password before the text is shown."""
        self.save(post, is_protected=True)

    def unprotect(self, post: int) -> None:
        """Show the text to everybody again."""
        self.save(post, is_protected=False)

    def change_slug(self, post: int, slug: str) -> None:
        """Give it another address; who comes by the old one is sent on."""
        old = self.posts[post]
        self.save(post, slug=self.free_slug(slug, post), old_slugs=(*old.old_slugs, old.slug))

    def set_modified(self, post: int, at: datetime) -> None:
        """Write a time of modification into the database, as plugins and wrong clocks do."""
        self._put(post, {"modified": at})

    def feature(self, post: int, media: int, *, saved: bool = True) -> None:
        """Give a post another featured picture: by the editor, or by `set_post_thumbnail`, which saves no post."""
        self._put(post, {"featured": media, **({"modified": self.now} if saved else {})})

    def change_permalinks(self, structure: str) -> None:
        """Move every link at once; no post is touched."""
        self.permalinks = structure

    def free_slug(self, slug: str, post: int = 0) -> str:
        """The slug, with a number behind it where another post has it."""
        taken = {other.slug for other in self.posts.values() if other.id != post}
        numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
        return next(one for one in numbered if one not in taken)

    # Media

    def upload(self, parent: int = 0, **fields: object) -> int:
        """Upload a picture, to a post or to the library alone; its id."""
        self.last_id += 1
        media = Media(self.last_id, self.now, self.now, self.now, parent)
        self.media[media.id] = replace(media, **fields)  # type: ignore[arg-type]
        return media.id

    def edit_media(self, media: int, **fields: object) -> None:
        """Change alt text, caption, description or credit in the library: no post is touched."""
        self.media[media] = replace(self.media[media], **{"modified": self.now, **fields})  # type: ignore[arg-type]

    def replace_file(self, media: int, *, noted: bool = True) -> None:
        """Put another file under the same name, by a plugin that touches the item, or past WordPress."""
        old = self.media[media]
        modified = self.now if noted else old.modified
        self.media[media] = replace(old, version=old.version + 1, modified=modified, file_at=self.now)

    def delete_media(self, media: int) -> None:
        """Delete an upload with its files; posts that featured it feature nothing, texts go on naming it."""
        del self.media[media]
        for post in self.posts.values():
            if post.featured == media:
                self.posts[post.id] = replace(post, featured=0)

    # How

    def _add(self, type: str, fields: dict[str, object]) -> int:  # noqa: A002
        self.last_id += 1
        number = self.last_id
        title = str(fields.pop("title", f"Story {number}"))
        slug = self.free_slug(str(fields.pop("slug", f"story-{number}")))
        date, modified = fields.pop("date"), fields.pop("modified")
        assert isinstance(date, datetime)
        assert isinstance(modified, datetime)
        post = Post(number, type, slug, title, date, modified)
        self.posts[number] = replace(post, **fields)  # type: ignore[arg-type]
        return number

    def _put(self, post: int, fields: dict[str, object]) -> None:
        self.posts[post] = replace(self.posts[post], **fields)  # type: ignore[arg-type]


def figures_of(site: Site, media: Sequence[int]) -> tuple[Figure, ...]:
    """A figure for each of some uploads, with texts of its own."""
    return tuple(Figure(one, f"Alt {one}", f"Caption {one}.") for one in media if one in site.media)


def _plain_query(kind: PostType, post: Post) -> str:
    if kind is POST:
        return f"p={post.id}"
    return f"page_id={post.id}" if kind is PAGE else f"post_type={kind.name}&p={post.id}"
