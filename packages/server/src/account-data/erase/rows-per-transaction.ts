/** The number of rows that one transaction erases, because others wait for the database meanwhile. */
export const rowsPerTransaction = 400;
