/*
 * The catalogue is what lists and searches read. Each script that changes files or folders says here which ones it has
 * changed, created or deleted, in the transaction of the change and after it.
 */
export { catalogueFiles, catalogueFolders, catalogueNewFile } from "../../database/catalogue/write-catalogue.ts";
