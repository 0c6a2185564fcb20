import { uploadTokenHandler } from "@sluice/token";
import { userOf } from "./session.ts";
import { settings } from "./settings.ts";

/** The backend's part in an upload: it decides who may upload, and what. The frameworks differ in how they call it. */
export const uploadToken = uploadTokenHandler({
  keys: settings.keys,
  authorize: userOf, // undefined: 401
  policy: (user, requested) => {
    const own = `/users/${user}`;
    const { folder = own } = requested;
    if (folder !== own && !(folder.startsWith(`${own}/`) && /^(\/[\w-]+)+$/.test(folder))) {
      return Response.json({ message: `Upload to ${own} or below it.`, reason: "FOLDER_NOT_YOURS" }, { status: 403 });
    }
    return {
      allow: ["fileName", "folder", "tags"], // what the page may choose; anything else is refused by name
      default: { folder: own },
      force: { useUniqueFileName: true }, // never over another file
      checks: { fileTypes: ["image/*"], maxSize: "10MB" }, // whatever the page says of the file
      maxLifetime: 120, // seconds
    };
  },
});
