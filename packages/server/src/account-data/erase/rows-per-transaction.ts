/** While a transaction erases rows, others wait for the database. */
export const rowsPerTransaction = 400;
