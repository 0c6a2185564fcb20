import { Badge } from "@mantine/core";
import { call } from "../api/call.ts";
import { texts } from "../texts/texts.ts";
import { Entries } from "./entries.tsx";
import { OriginForm } from "./origin-form.tsx";
import type { Origin } from "./origin-kinds.ts";
import { loadOrigins, originsKey } from "./use-origins.ts";

const words = texts.settings.origins;

/** The places outside from which files are read. */
export function Origins({ mayChange }: { readonly mayChange: boolean }) {
  return (
    <Entries
      words={words}
      queryKey={originsKey}
      load={loadOrigins}
      mayChange={mayChange}
      nameOf={({ name }) => name}
      titleOf={({ name, type }) => (
        <>
          {name} <Badge variant="light">{words.types[type]}</Badge>
        </>
      )}
      factsOf={(origin) => <code>{placeOf(origin)}</code>}
      remove={(id) => call("DELETE /v1/accounts/origins/:id", { parameters: { id } })}
      form={(origin, close, renew) => <OriginForm origin={origin} onClose={close} onDone={renew} />}
    />
  );
}

function placeOf(origin: Origin): string {
  switch (origin.type) {
    case "WEB_FOLDER":
    case "AKENEO_PIM":
      return origin.baseUrl;
    case "WEB_PROXY":
      return origin.allowedHosts?.join(", ") ?? words.signedOnly;
    case "AZURE_BLOB":
      return `${origin.accountName}/${origin.container}/${origin.prefix}`;
    case "S3_COMPATIBLE":
      return `${origin.endpoint} · ${origin.bucket}/${origin.prefix}`;
    case "S3":
    case "CLOUDINARY_BACKUP":
    case "GCS":
      return `${origin.bucket}/${origin.prefix}`;
  }
}
