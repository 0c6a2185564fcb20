/** The key under which the origins are kept in this page. */
export const originsKey = ["origins"];
