"""The sites: which photographs each republishes, in which posts, under which files, words and credits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from photos import Photo, chance
from renditions import File, Treatment, files_of

# The first story's time; everything the newsroom publishes lies in the past.
FIRST_STORY = datetime(2025, 8, 4, 6, 30, tzinfo=UTC)
HOURS_BETWEEN_STORIES = 9
LONGEST_LAG_HOURS = 60

# A republisher takes this share of the agency's photographs, and always the first few.
SHARE_TAKEN = 0.75
ALWAYS_TAKEN = 3

MOST_CONTENT_PICTURES = 3


class Announced(StrEnum):
    """How a site's pages tell where its API is."""

    HEADER = "header"
    LINK = "link"
    BOTH = "both"
    NEITHER = "neither"


class CreditPolicy(StrEnum):
    """What becomes of the photographer's name."""

    IN_CAPTION = "in caption"
    IN_IMAGE_META = "in image_meta"
    LOST = "lost"
    CHANGED = "changed"


class Markup(StrEnum):
    """What a site's theme writes for a picture in a text."""

    BLOCKS = "blocks"
    BARE = "bare"
    CLASSIC = "classic"
    LAZY = "lazy"
    GALLERY = "gallery"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A site as its owner set it up: address, theme, habits."""

    name: str
    prefix: str
    api_path: str
    announced: Announced
    treatment: Treatment
    credit: CreditPolicy
    markup: Markup
    headline: str = "{title}"
    version: str = "6.8.2"
    hours_from_utc: int = 0
    is_agency: bool = False

    @property
    def knows_modified_after(self) -> bool:
        """Whether the WordPress is 5.7 or later; earlier ones ignore the parameter."""
        return tuple(map(int, self.version.split(".")[:2])) >= (5, 7)


RECIPES = (
    Recipe(
        name="Harbour Wire",
        prefix="/",
        api_path="wp-json/",
        announced=Announced.BOTH,
        treatment=Treatment(long_side=4000, quality=92, keeps_metadata=True),
        credit=CreditPolicy.IN_CAPTION,
        markup=Markup.BLOCKS,
        is_agency=True,
    ),
    Recipe(
        name="Morning Courier UK",
        prefix="/uk/",
        api_path="wp-json/",
        announced=Announced.HEADER,
        treatment=Treatment(long_side=1200, quality=78),
        credit=CreditPolicy.IN_CAPTION,
        markup=Markup.BARE,
        headline="{title}: what we know",
        hours_from_utc=1,
    ),
    Recipe(
        name="Valley Post",
        prefix="/",
        api_path="?rest_route=/",
        announced=Announced.NEITHER,
        treatment=Treatment(long_side=1024, quality=70, shape=4 / 3),
        credit=CreditPolicy.LOST,
        markup=Markup.CLASSIC,
    ),
    Recipe(
        name="Square Mile",
        prefix="/",
        api_path="wp-json/",
        announced=Announced.LINK,
        treatment=Treatment(long_side=800, quality=55, shape=1.0, mirrored=True),
        credit=CreditPolicy.LOST,
        markup=Markup.LAZY,
        headline="You won't believe this: {title}",
        version="5.6",
    ),
    Recipe(
        name="The Daily Stamp",
        prefix="/",
        api_path="index.php/wp-json/",
        announced=Announced.HEADER,
        treatment=Treatment(long_side=1280, quality=80, shape=16 / 9, stamp="DAILY STAMP"),
        credit=CreditPolicy.CHANGED,
        markup=Markup.GALLERY,
        headline="{title} – in pictures",
    ),
    Recipe(
        name="Atlas Magazine",
        prefix="/",
        api_path="wp-json/",
        announced=Announced.BOTH,
        treatment=Treatment(long_side=4000, quality=85, extension="webp"),
        credit=CreditPolicy.IN_IMAGE_META,
        markup=Markup.LINKED,
    ),
)


class Access(StrEnum):
    """What the API says of an attachment."""

    PUBLIC = "public"
    UNAUTHORIZED = "unauthorized"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One upload of a site."""

    media_id: int
    post_id: int
    photo: Photo
    folder: str
    files: tuple[File, ...]
    date: datetime
    alt: str
    caption: str
    credit: str
    access: Access = Access.PUBLIC
    is_reserved: bool = False

    def file(self, size: str) -> File:
        """The file of a size; the full one where WordPress did not make that size."""
        return next((file for file in self.files if file.size == size), self.files[0])


@dataclass(frozen=True, slots=True)
class Post:
    """One story of a site; a `hidden` one is counted by the API but not given out."""

    post_id: int
    slug: str
    title: str
    date: datetime
    modified: datetime
    featured: Attachment
    content: tuple[Attachment, ...]
    is_protected: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Website:
    """A whole site under its address; `host` is host and port."""

    recipe: Recipe
    host: str
    posts: tuple[Post, ...]
    attachments: tuple[Attachment, ...]

    @property
    def home(self) -> str:
        """The site's address, ending in a slash."""
        return f"http://{self.host}{self.recipe.prefix}"

    @property
    def api_root(self) -> str:
        """The API's root as the site itself spells it."""
        return self.home + self.recipe.api_path

    @property
    def has_plain_links(self) -> bool:
        """Whether posts are addressed by `?p=` and the API by `?rest_route=` only."""
        return self.recipe.api_path.startswith("?")

    def link(self, post: Post) -> str:
        """The address of a post's page."""
        if self.has_plain_links:
            return f"{self.home}?p={post.post_id}"
        if self.recipe.prefix != "/":
            return f"{self.home}{post.post_id}/"
        return f"{self.home}{post.date:%Y/%m}/{post.slug}/"

    def file_url(self, attachment: Attachment, size: str) -> str:
        """The address of a file of an upload."""
        return f"{self.home}wp-content/uploads/{attachment.folder}/{attachment.file(size).name}"

    def local(self, moment: datetime) -> datetime:
        """A moment on the site's own clock, without an offset, as WordPress writes it."""
        return (moment + timedelta(hours=self.recipe.hours_from_utc)).replace(tzinfo=None)


def build_sites(hosts: Sequence[str], photos: Sequence[Photo], seed: int) -> list[Website]:
    """One site for each host and port, the agency first."""
    sites = [_site(number, host, photos, seed) for number, host in enumerate(hosts)]
    return [*sites[:-1], _with_a_reserved_picture(sites[-1])]


def _with_a_reserved_picture(site: Website) -> Website:
    """The site with its newest picture kept from picture indexes, by a header."""
    reserved = replace(site.attachments[-1], is_reserved=True)
    last = replace(site.posts[-1], featured=reserved)
    return replace(site, posts=(*site.posts[:-1], last), attachments=(*site.attachments[:-1], reserved))


def _recipe(number: int) -> Recipe:
    round_, place = divmod(number, len(RECIPES))
    recipe = RECIPES[place]
    return recipe if round_ == 0 else replace(recipe, name=f"{recipe.name} {round_ + 1}", is_agency=False)


def _site(number: int, host: str, photos: Sequence[Photo], seed: int) -> Website:
    recipe = _recipe(number)
    taken = [
        (place, photo)
        for place, photo in enumerate(photos)
        if recipe.is_agency or place < ALWAYS_TAKEN or chance(seed, recipe.name, photo.name) < SHARE_TAKEN
    ]
    first_id = 1000 * (number + 1)
    uploads = [_upload(recipe, seed, first_id + 10 * place, place, photo) for place, photo in taken]
    uploads.sort(key=lambda upload: upload.date)
    if recipe.is_agency:
        uploads = [_troubled(order, upload) for order, upload in enumerate(uploads)]
    posts = [_post(recipe, seed, order, uploads) for order in range(len(uploads))]
    if recipe.is_agency and len(posts) > 4:
        posts[3] = replace(posts[3], is_protected=True)
        posts.insert(4, replace(posts[4], post_id=first_id + 9, slug="not-for-you", is_hidden=True))
    return Website(recipe, host, tuple(posts), tuple(uploads))


def _troubled(order: int, upload: Attachment) -> Attachment:
    """The agency's second upload belongs to a draft, its third was deleted."""
    return replace(upload, access={1: Access.UNAUTHORIZED, 2: Access.DELETED}.get(order, Access.PUBLIC))


def _upload(recipe: Recipe, seed: int, post_id: int, place: int, photo: Photo) -> Attachment:
    # The seconds keep any two apart.
    date = FIRST_STORY + timedelta(hours=HOURS_BETWEEN_STORIES * place, seconds=place)
    if not recipe.is_agency:
        lag = chance(seed, recipe.name, photo.name, "lag")
        date += timedelta(minutes=30 + int(60 * LONGEST_LAG_HOURS * lag))
    caption, credit = _words(recipe, photo)
    return Attachment(
        media_id=post_id + 1,
        post_id=post_id,
        photo=photo,
        folder=f"{date:%Y/%m}",
        files=files_of(_stem(recipe, place, photo), photo, recipe.treatment),
        date=date,
        alt="" if recipe.markup is Markup.CLASSIC else photo.alt,
        caption=caption,
        credit=credit,
    )


def _stem(recipe: Recipe, place: int, photo: Photo) -> str:
    """The upload's name without its extension, in the site's manner."""
    if recipe.markup is Markup.BARE:
        return f"{hashlib.sha256(photo.name.encode()).hexdigest()[:26]}-{place % 3 + 1}"
    if recipe.markup is Markup.CLASSIC:
        return f"IMG_{4000 + 7 * place}"
    return photo.name


def _words(recipe: Recipe, photo: Photo) -> tuple[str, str]:
    """The caption a site prints and the credit that it still gives."""
    match recipe.credit:
        case CreditPolicy.IN_CAPTION if recipe.is_agency:
            return f"{photo.caption} (Photo: {photo.credit})", photo.credit
        case CreditPolicy.IN_CAPTION:
            return f"{photo.caption} Photograph: {photo.credit}", photo.credit
        case CreditPolicy.IN_IMAGE_META:
            return photo.caption, photo.credit
        case CreditPolicy.CHANGED:
            return f"{photo.title}, seen by our readers. Photo: {recipe.name}", recipe.name
        case CreditPolicy.LOST:
            return photo.caption, ""


def _post(recipe: Recipe, seed: int, order: int, uploads: Sequence[Attachment]) -> Post:
    featured = uploads[order]
    count = int(chance(seed, recipe.name, featured.photo.name, "pictures") * (MOST_CONTENT_PICTURES + 1))
    # Pictures of earlier stories are used again; what the API does not give out stays with its own story.
    earlier = [upload for upload in reversed(uploads[:order]) if upload.access is Access.PUBLIC]
    date = featured.date + timedelta(minutes=12)
    return Post(
        post_id=featured.post_id,
        slug=featured.photo.name,
        title=recipe.headline.format(title=featured.photo.title),
        date=date,
        modified=date + timedelta(days=2) if order % 3 == 2 else date,
        featured=featured,
        content=tuple(earlier[:count]),
    )
