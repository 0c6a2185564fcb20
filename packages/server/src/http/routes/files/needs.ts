import type { awaitExtensions } from "../../../extensions/await-extensions.ts";
import type { patchFile } from "../../../extensions/file-patch/patch-file.ts";
import type { resolveExtensions } from "../../../extensions/resolve-extensions.ts";
import type { removeFile, removeFileVersion, restoreFileVersion } from "../../../library/files/edit-files.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of files need. */
export type FilesNeeds = AuthNeeds &
  NeedsOf<typeof patchFile> &
  NeedsOf<typeof resolveExtensions> &
  NeedsOf<typeof awaitExtensions> & {
    readonly database: NeedsOf<typeof removeFile> &
      NeedsOf<typeof removeFileVersion> &
      NeedsOf<typeof restoreFileVersion>;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };
