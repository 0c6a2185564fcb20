/**
 * The names of the machine itself, with any port. An attacker who rebinds a name of their own to this machine shows
 * that name here.
 */
const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** @param host a Host header */
export function isLoopbackHost(host: string | null | undefined): boolean {
  return loopbackHost.test(host ?? "");
}
