/**
 * Takes the secret of a one-time link out of the address, so that it stays in no history. It stands in the fragment,
 * which browsers send to no server.
 */
export function takeLink(): string | undefined {
  const link = new URLSearchParams(location.hash.slice(1)).get("link") ?? undefined;
  if (link !== undefined) history.replaceState(null, "", `${location.pathname}${location.search}`);
  return link;
}
