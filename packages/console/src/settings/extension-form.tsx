import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import { Problem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { useSession } from "../door/session.ts";
import { texts } from "../texts/texts.ts";
import { EntryForm, type TextOf } from "./entry-form.tsx";

type Extension = Answer<"GET /v1/saved-extensions">[number];

interface ExtensionFormProps {
  readonly extension: Extension | undefined;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

const words = texts.settings.extensions;
const fields = ["name", "description", "config"] as const;
const byReason = { EXTENSION_CONFIG_INVALID: "config", EXTENSION_NAME_INVALID: "config" };

/** Makes a saved extension, or changes one. */
export function ExtensionForm({ extension, onClose, onDone }: ExtensionFormProps) {
  const { features } = useSession();
  const { name: known, ...options } = extension?.config ?? { name: features.extensions[0] ?? "" };
  const names = [...new Set([...(known === "" ? [] : [known]), ...features.extensions])];
  const [chosen, setChosen] = useState(known);

  async function send(text: TextOf): Promise<void> {
    const config = { ...optionsIn(text("config")), name: chosen };
    const body = { name: text("name"), description: text("description"), config };
    if (extension === undefined) await call("POST /v1/saved-extensions", { body });
    else await call("PATCH /v1/saved-extensions/:id", { parameters: { id: extension.id }, body });
    await onDone();
  }

  return (
    <EntryForm
      title={extension === undefined ? words.make : words.change}
      submit={extension === undefined ? texts.dialogs.create : texts.details.save}
      fields={fields}
      byReason={byReason}
      onSend={send}
      onClose={onClose}
    >
      {(problemOf) => (
        <>
          <TextInput
            name="name"
            label={words.name}
            defaultValue={extension?.name ?? ""}
            error={problemOf("name")}
            required
            mb="sm"
            data-autofocus
          />
          <TextInput
            name="description"
            label={words.description}
            defaultValue={extension?.description ?? ""}
            error={problemOf("description")}
            required
            mb="sm"
          />
          <NativeSelect
            label={words.extension}
            description={names.length === 0 ? words.noExtensions : undefined}
            value={chosen}
            data={names}
            mb="sm"
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          />
          <Textarea
            name="config"
            label={words.options}
            description={words.optionsHelp}
            defaultValue={Object.keys(options).length === 0 ? "" : JSON.stringify(options, null, 2)}
            placeholder={'{ "maxTags": 5, "minConfidence": 80 }'}
            error={problemOf("config")}
            autosize
            minRows={3}
            spellCheck={false}
          />
        </>
      )}
    </EntryForm>
  );
}

/** @throws Problem at the field, where the text is no JSON object */
function optionsIn(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new Problem(words.noJson, { status: 400, reason: "EXTENSION_CONFIG_INVALID", help: words.noJson });
}
