// The page that asks for the token works without this; it only says when the last one was wrong.

document.querySelector("#wrong").hidden = !new URL(location.href).searchParams.has("wrong");
