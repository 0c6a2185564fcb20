import { Checkbox, Input, NativeSelect, Switch, TextInput } from "@mantine/core";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { Act } from "../shell/act.tsx";
import { Busy } from "../shell/busy.tsx";
import { ProblemState } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./endpoint-form.module.css";
import { EntryForm, type TextOf } from "./entry-form.tsx";
import { useOrigins } from "./use-origins.ts";

type Endpoint = Answer<"GET /v1/accounts/url-endpoints">[number];
type Rewriter = NonNullable<Endpoint["urlRewriter"]>["type"];

interface EndpointFormProps {
  readonly endpoint: Endpoint | undefined;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

const words = texts.settings.endpoints;
const fields = ["description", "urlPrefix", "origins", "urlRewriter"] as const;
const byReason = {
  URL_PREFIX_EMPTY: "urlPrefix",
  URL_PREFIX_TAKEN: "urlPrefix",
  URL_ENDPOINT_ORIGIN_UNKNOWN: "origins",
};
const rewriters: readonly Rewriter[] = ["CLOUDINARY", "IMGIX", "AKAMAI"];

/** Makes a URL endpoint, or replaces one. The default endpoint has no prefix, and keeps none. */
export function EndpointForm({ endpoint, onClose, onDone }: EndpointFormProps) {
  const [chosen, setChosen] = useState<readonly string[]>(endpoint?.origins ?? []);
  const [rewriter, setRewriter] = useState<Rewriter | "">(endpoint?.urlRewriter?.type ?? "");
  const isDefault = endpoint?.id === "default";
  const keeps = endpoint?.urlRewriter?.type === "CLOUDINARY" ? endpoint.urlRewriter.preserveAssetDeliveryTypes : false;

  async function send(text: TextOf): Promise<void> {
    const kept = { preserveAssetDeliveryTypes: text("preserveAssetDeliveryTypes") === "on" };
    const urlRewriter =
      rewriter === "" ? undefined : rewriter === "CLOUDINARY" ? { type: rewriter, ...kept } : { type: rewriter };
    const body = {
      description: text("description"),
      urlPrefix: isDefault ? "" : text("urlPrefix"),
      origins: chosen,
      ...(urlRewriter && { urlRewriter }),
    };
    if (endpoint === undefined) await call("POST /v1/accounts/url-endpoints", { body });
    else await call("PUT /v1/accounts/url-endpoints/:id", { parameters: { id: endpoint.id }, body });
    await onDone();
  }

  return (
    <EntryForm
      title={endpoint === undefined ? words.make : words.change}
      submit={endpoint === undefined ? texts.dialogs.create : texts.details.save}
      fields={fields}
      byReason={byReason}
      onSend={send}
      onClose={onClose}
    >
      {(problemOf) => (
        <>
          {!isDefault && (
            <TextInput
              name="urlPrefix"
              label={words.prefix}
              description={words.prefixHelp}
              defaultValue={endpoint?.urlPrefix ?? ""}
              error={problemOf("urlPrefix")}
              required
              mb="sm"
              spellCheck={false}
              data-autofocus
            />
          )}
          <TextInput
            name="description"
            label={words.description}
            defaultValue={endpoint?.description ?? ""}
            error={problemOf("description")}
            required
            mb="sm"
          />
          <Input.Wrapper label={words.origins} description={words.originsHelp} error={problemOf("origins")} mb="sm">
            <OriginChoice chosen={chosen} onChange={setChosen} />
          </Input.Wrapper>
          <NativeSelect
            label={words.rewriter}
            description={words.rewriterHelp}
            value={rewriter}
            error={problemOf("urlRewriter")}
            data={[
              { value: "", label: words.noRewriter },
              ...rewriters.map((value) => ({ value, label: words.rewriters[value] })),
            ]}
            mb="sm"
            onChange={({ currentTarget }) => setRewriter(currentTarget.value as Rewriter | "")}
          />
          {rewriter === "CLOUDINARY" && (
            <Switch
              name="preserveAssetDeliveryTypes"
              value="on"
              label={words.preserve}
              description={words.preserveHelp}
              defaultChecked={keeps}
            />
          )}
        </>
      )}
    </EntryForm>
  );
}

interface OriginChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Chooses origins and their order: the first that has a file delivers it. */
function OriginChoice({ chosen, onChange }: OriginChoiceProps) {
  const { data: origins, error, refetch } = useOrigins();
  if (origins === undefined) {
    if (error) return <ProblemState level={2} problem={asProblem(error)} onAgain={() => void refetch()} />;
    return <Busy />;
  }
  if (origins.length === 0) return <p className={styles.none}>{words.noOrigins}</p>;
  const others = origins.filter(({ id }) => !chosen.includes(id)).map(({ id }) => id);
  const nameOf = (id: string) => origins.find((origin) => origin.id === id)?.name ?? id;
  const swap = (index: number, by: -1 | 1) => {
    const next = [...chosen];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index + by, 0, moved);
    onChange(next);
  };
  return (
    <ol className={styles.origins}>
      {[...chosen, ...others].map((id) => {
        const index = chosen.indexOf(id);
        return (
          <li key={id} className={styles.origin}>
            <Checkbox
              label={index < 0 ? nameOf(id) : words.place(index + 1, nameOf(id))}
              checked={index >= 0}
              onChange={({ currentTarget }) =>
                onChange(currentTarget.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
              }
            />
            {index >= 0 && chosen.length > 1 && (
              <span className={styles.moves}>
                <Act label={words.earlier(nameOf(id))} icon={ArrowUp} isOff={index === 0} run={() => swap(index, -1)} />
                <Act
                  label={words.later(nameOf(id))}
                  icon={ArrowDown}
                  isOff={index === chosen.length - 1}
                  run={() => swap(index, 1)}
                />
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
