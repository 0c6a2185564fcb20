/** The Authorization header for Basic authentication with this user name and password. */
export function basicFor(userName: string, password = ""): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString("base64")}`;
}
