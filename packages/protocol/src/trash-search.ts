/** The largest number of characters that a search in the trash may look for. */
export const maxTrashSearchLength = 255;
