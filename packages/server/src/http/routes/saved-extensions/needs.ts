import type { Database } from "../../../database/database.ts";
import type { ExtensionProviders } from "../../../extensions/provider.ts";
import type {
  changeSavedExtension,
  createSavedExtension,
  removeSavedExtension,
} from "../../../extensions/saved/saved-extension.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of saved extensions need. */
export interface SavedExtensionsNeeds extends AuthNeeds {
  readonly database: Database<{
    createSavedExtension: typeof createSavedExtension;
    changeSavedExtension: typeof changeSavedExtension;
    removeSavedExtension: typeof removeSavedExtension;
  }>;
  readonly extensions: Pick<ExtensionProviders, "find">;
}
