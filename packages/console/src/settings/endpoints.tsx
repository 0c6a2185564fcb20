import { call } from "../api/call.ts";
import { useSession } from "../door/session.ts";
import { texts } from "../texts/texts.ts";
import { EndpointForm } from "./endpoint-form.tsx";
import { Entries } from "./entries.tsx";
import { useOrigins } from "./use-origins.ts";

const words = texts.settings.endpoints;

/** The beginnings of addresses, and where the files below each come from. */
export function Endpoints({ mayChange }: { readonly mayChange: boolean }) {
  const { account } = useSession();
  const { data: origins } = useOrigins();
  const nameOfOrigin = (id: string) => origins?.find((origin) => origin.id === id)?.name ?? id;
  return (
    <Entries
      words={words}
      queryKey={["url endpoints"]}
      load={async (signal) => (await call("GET /v1/accounts/url-endpoints", {}, signal)).body}
      mayChange={mayChange}
      nameOf={({ urlPrefix, description }) => urlPrefix || description}
      titleOf={({ urlPrefix }) => (
        <code>
          {account.urlEndpoint}/{urlPrefix}
        </code>
      )}
      factsOf={({ description, origins: ids, urlRewriter }) =>
        [
          description,
          ids.length === 0 ? words.libraryOnly : words.withOrigins(ids.map(nameOfOrigin)),
          ...(urlRewriter === undefined ? [] : [words.rewriters[urlRewriter.type]]),
        ].join(" · ")
      }
      isFixed={({ id }) => id === "default"}
      remove={(id) => call("DELETE /v1/accounts/url-endpoints/:id", { parameters: { id } })}
      form={(endpoint, close, renew) => <EndpointForm endpoint={endpoint} onClose={close} onDone={renew} />}
    />
  );
}
