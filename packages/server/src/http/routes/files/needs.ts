import type { Config } from "../../../config/config.ts";
import type { renameFile } from "../../../delivery/purge/rename-file.ts";
import type { awaitExtensions } from "../../../extensions/await-extensions.ts";
import type { patchFile } from "../../../extensions/file-patch/patch-file.ts";
import type { resolveExtensions } from "../../../extensions/resolve-extensions.ts";
import type { changeTags, removeSeveralFiles } from "../../../library/files/bulk-files.ts";
import type { removeFile, removeFileVersion, restoreFileVersion } from "../../../library/files/edit-files.ts";
import type { copyFile, moveFile } from "../../../library/files/organise-files.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of files need. */
export type FilesNeeds = AuthNeeds &
  NeedsOf<typeof patchFile> &
  NeedsOf<typeof resolveExtensions> &
  NeedsOf<typeof awaitExtensions> &
  NeedsOf<typeof copyFile> &
  NeedsOf<typeof moveFile> &
  NeedsOf<typeof renameFile> &
  NeedsOf<typeof removeSeveralFiles> &
  NeedsOf<typeof changeTags> & {
    readonly database: NeedsOf<typeof removeFile> &
      NeedsOf<typeof removeFileVersion> &
      NeedsOf<typeof restoreFileVersion>;
    readonly config: Pick<Config, "trash">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };
