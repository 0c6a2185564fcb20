/** The URL of an address that is listened on, without a trailing slash. */
export function urlOfAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The URL with an address of this machine in the place of "every address", which browsers don't all take for one. */
export function reachableHere(url: string): string {
  return url.replace(/^(http:\/\/)(?:0\.0\.0\.0|\[::\])(?=:|$)/, "$1127.0.0.1");
}
