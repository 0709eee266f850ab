// The page that asks for the token works without this.

const told = new URL(location.href).searchParams;
document.querySelector("#wrong").hidden = !told.has("wrong");

// Who comes by a link in a message, signed in already, was not known: a browser tells nobody's link who follows it.
// The desk names its own views only; what else an address may hold leads nowhere.
const to = new URL(told.get("to") ?? "/", location.origin);
if (to.origin === location.origin && !told.has("wrong")) {
  const answer = await fetch("/api/v1/catalog").catch(() => null);
  if (answer?.ok) location.replace(to);
}
