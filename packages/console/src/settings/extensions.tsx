import { call } from "../api/call.ts";
import { texts } from "../texts/texts.ts";
import { Entries } from "./entries.tsx";
import { ExtensionForm } from "./extension-form.tsx";

/** The saved extensions: configurations that uploads name by an id. */
export function Extensions({ mayChange }: { readonly mayChange: boolean }) {
  return (
    <Entries
      words={texts.settings.extensions}
      queryKey={["saved extensions"]}
      load={async (signal) => (await call("GET /v1/saved-extensions", {}, signal)).body}
      mayChange={mayChange}
      nameOf={({ name }) => name}
      titleOf={({ name, config }) => (
        <>
          {name} <code>{config.name}</code>
        </>
      )}
      factsOf={({ id, description }) => (
        <>
          {description} · <code>{id}</code>
        </>
      )}
      remove={(id) => call("DELETE /v1/saved-extensions/:id", { parameters: { id } })}
      form={(extension, close, renew) => <ExtensionForm extension={extension} onClose={close} onDone={renew} />}
    />
  );
}
