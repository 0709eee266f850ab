"""What editors, importers and hosts do to a site: by name, each with a number that says to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from wordpress.model import DAY_AND_NAME, NUMERIC, PLAIN, POST_NAME, Figure, Post
from wordpress.site import Site

MOST_POSTS, MOST_MEDIA = 25, 12

SLUGS = ("kim", "border", "launch")
TYPES = ("post", "post", "post", "page", "report", "dossier")
TEXTS = ("Kim waves.", "A crowd.", "The border at night.", "Kim & Ri wave.", "")

Change = Callable[[Site, int], None]


def _choose(entries: Sequence[int], number: int) -> int:
    """One of some ids by any number; 0 where there is none."""
    return entries[number % len(entries)] if entries else 0


def _posts(site: Site, *statuses: str) -> list[int]:
    return [post.id for post in site.posts.values() if post.status in (statuses or ("publish",))]


def _upload(site: Site, number: int, without: Sequence[int] = ()) -> int:
    """An upload that is not among some: a new one, or one that is used elsewhere."""
    known = [one for one in site.media if one not in without]
    if known and (number % 3 or len(site.media) >= MOST_MEDIA):
        return _choose(known, number // 3)
    if len(site.media) >= MOST_MEDIA:
        return 0
    said = TEXTS[number % len(TEXTS)]
    parent = _choose(_posts(site), number) if number % 2 else 0
    return site.upload(parent, alt=said, caption=said, credit=("", "AP", "KCNA")[number % 3])


def _new(site: Site, number: int) -> dict[str, object]:
    """What a new post consists of: pictures in its text, and one beside it, none twice."""
    shown: list[int] = []
    for place in range(number % 3):
        shown.append(_upload(site, number // 3 + place, shown))
    featured = _upload(site, number // 7, shown) if number % 4 else 0
    figures = tuple(Figure(one, f"Alt {one}", f"Caption {one}.", _size(one)) for one in shown if one)
    fields: dict[str, object] = {"figures": figures, "featured": featured}
    return fields | ({"slug": SLUGS[number % len(SLUGS)]} if number % 5 == 0 else {})


def _size(number: int) -> str:
    return ("full", "medium")[number % 2]


def _has_room(site: Site) -> bool:
    return len(site.posts) < MOST_POSTS


def publish(site: Site, number: int) -> None:
    if _has_room(site):
        site.publish(TYPES[number % len(TYPES)], **_new(site, number))


def schedule(site: Site, number: int) -> None:
    if _has_room(site):
        at = site.now + timedelta(minutes=(1, 30, 3000)[number % 3])
        site.schedule(at, TYPES[number % len(TYPES)], **_new(site, number))


def draft(site: Site, number: int) -> None:
    if _has_room(site):
        site.draft(TYPES[number % len(TYPES)], **_new(site, number))


def import_old(site: Site, number: int) -> None:
    if _has_room(site):
        site.import_post(site.now - timedelta(days=1 + number * 10), "post", **_new(site, number))


def _on(site: Site, number: int, do: Callable[[int], None], *statuses: str) -> None:
    post = _choose(_posts(site, *statuses), number)
    if post:
        do(post)


def publish_again(site: Site, number: int) -> None:
    _on(site, number, site.publish_draft, "draft", "private", "future")


def trash(site: Site, number: int) -> None:
    _on(site, number, site.trash)


def restore(site: Site, number: int) -> None:
    _on(site, number, site.restore, "trash")


def delete(site: Site, number: int) -> None:
    _on(site, number, site.delete, "publish", "trash")


def make_private(site: Site, number: int) -> None:
    _on(site, number, site.make_private)


def protect(site: Site, number: int) -> None:
    _on(site, number, site.protect)


def unprotect(site: Site, number: int) -> None:
    protected = [post.id for post in site.public_posts() if post.is_protected]
    if protected:
        site.unprotect(_choose(protected, number))


def change_slug(site: Site, number: int) -> None:
    _on(site, number, lambda post: site.change_slug(post, SLUGS[number // 3 % len(SLUGS)]))


def set_modified_ahead(site: Site, number: int) -> None:
    _on(site, number, lambda post: site.set_modified(post, site.now + timedelta(days=3000)))


def set_modified_back(site: Site, number: int) -> None:
    _on(site, number, lambda post: site.set_modified(post, site.now - timedelta(days=3000)))


def change_permalinks(site: Site, number: int) -> None:
    site.change_permalinks((POST_NAME, DAY_AND_NAME, NUMERIC, PLAIN)[number % 4])


def edit_text(site: Site, number: int) -> None:
    _on(
        site,
        number,
        lambda post: site.save(post, text=f"The story goes on, {number}.", title=f"Story {number}"),
    )


def edit_caption(site: Site, number: int) -> None:
    _edit_figure(site, number, "caption")


def edit_alt(site: Site, number: int) -> None:
    _edit_figure(site, number, "alt")


def _edit_figure(site: Site, number: int, name: str) -> None:
    shown = [post for post in site.public_posts() if post.figures]
    if not shown:
        return
    post = shown[number % len(shown)]
    place = number // len(shown) % len(post.figures)
    said = f"{name.capitalize()} {number % 5}, edited"
    edited = replace(post.figures[place], **{name: said})  # type: ignore[arg-type]
    site.save(post.id, figures=(*post.figures[:place], edited, *post.figures[place + 1 :]))


def add_picture(site: Site, number: int) -> None:
    post = _any_post(site, number)
    media = _upload(site, number, _shown(post)) if post else 0
    if post and media:
        figure = Figure(media, f"Alt {media}", f"Caption {media}.", _size(number))
        site.save(post.id, figures=(figure, *post.figures) if number % 2 else (*post.figures, figure))


def remove_picture(site: Site, number: int) -> None:
    post = _any_post(site, number)
    if post and post.figures:
        site.save(post.id, figures=post.figures[1:] if number % 2 else post.figures[:-1])


def feature(site: Site, number: int) -> None:
    _feature(site, number, saved=True)


def feature_unsaved(site: Site, number: int) -> None:
    _feature(site, number, saved=False)


def _feature(site: Site, number: int, *, saved: bool) -> None:
    post = _any_post(site, number)
    if post:
        media = _upload(site, number // 5, _shown(post)) if number % 5 else 0
        site.feature(post.id, media, saved=saved)


def _any_post(site: Site, number: int) -> Post | None:
    return site.posts.get(_choose(_posts(site), number))


def _shown(post: Post) -> list[int]:
    return [post.featured, *(figure.media for figure in post.figures)]


def edit_media(site: Site, number: int) -> None:
    media = _choose(list(site.media), number)
    if media:
        name = ("alt", "caption", "credit")[number // 7 % 3]
        site.edit_media(media, **{name: f"{name.capitalize()} {number % 5} of the library"})


def edit_alt_unnoted(site: Site, number: int) -> None:
    media = _choose(list(site.media), number)
    if media:
        # What no program writes is an empty one: that would not be seen without a word of the library.
        site.media[media] = replace(site.media[media], alt=f"Alt {number % 5}, written by a program")


def replace_file(site: Site, number: int) -> None:
    media = _choose(list(site.media), number)
    if media:
        site.replace_file(media)


def replace_file_unnoted(site: Site, number: int) -> None:
    media = _choose(list(site.media), number)
    if media:
        site.replace_file(media, noted=False)


CHANGES: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        publish,
        schedule,
        draft,
        import_old,
        publish_again,
        trash,
        restore,
        delete,
        make_private,
        protect,
        unprotect,
        change_slug,
        set_modified_ahead,
        set_modified_back,
        change_permalinks,
        edit_text,
        edit_caption,
        edit_alt,
        add_picture,
        remove_picture,
        feature,
        feature_unsaved,
        edit_media,
        edit_alt_unnoted,
        replace_file,
        replace_file_unnoted,
    )
}
