export { type Family, fallbacks, families, findFamily, standardFamily } from "./families.ts";
export { fontFolders } from "./font-folders.ts";
export { fontConfiguration, ownFamily } from "./fontconfig.ts";
