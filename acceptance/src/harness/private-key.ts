/** `Authorization: Basic` as the user name and the password make it. */
export function basicFor(userName: string, password = ""): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString("base64")}`;
}
