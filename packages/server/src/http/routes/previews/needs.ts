import type { Config } from "../../../config/config.ts";
import type { deliverPreview } from "../../../delivery/deliver.ts";
import type { makePreviews } from "../../../delivery/links/previews.ts";
import type { signUrls } from "../../../delivery/links/sign-urls.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";
import type { SendingNeeds } from "../../send-delivery.ts";

export type PreviewRoutesNeeds = AuthNeeds &
  SendingNeeds &
  NeedsOf<typeof deliverPreview> &
  NeedsOf<typeof makePreviews> &
  NeedsOf<typeof signUrls> & { readonly config: Pick<Config, "trustProxy" | "countryHeader"> };
