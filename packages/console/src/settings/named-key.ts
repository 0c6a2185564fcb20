/** The key under which the named transformations are kept in this page. */
export const namedKey = ["named transformations"] as const;
