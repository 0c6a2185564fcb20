import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import type { Answer } from "../api/routes.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { namedKey } from "./named-key.ts";

export type NamedTransformation = Answer<"GET /v1/named-transformations">[number];

interface MakeNamedProps {
  /** The transformation that gets the name, if it is known already. */
  readonly transformation?: string;
  /** The named transformation that is changed. Without one, a new one is made. */
  readonly changed?: NamedTransformation | undefined;
  readonly onClose: () => void;
}

const words = texts.playground;

/** Gives a transformation a name, by which URLs call it, or changes what a name stands for. */
export function MakeNamed({ transformation, changed, onClose }: MakeNamedProps) {
  const client = useQueryClient();

  async function send(fields: FormData): Promise<void> {
    const name = String(fields.get("name"));
    const body = { name, transformation: transformation ?? String(fields.get("transformation")) };
    if (changed) await call("PATCH /v1/named-transformations/:id", { parameters: { id: changed.id }, body });
    else await call("POST /v1/named-transformations", { body });
    await client.invalidateQueries({ queryKey: namedKey });
    notify({ kind: "done", message: words.saved(name) });
  }

  return (
    <FormDialog
      title={changed ? texts.settings.named.edit : words.save}
      submit={texts.details.save}
      onSubmit={send}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <TextInput
            name="name"
            label={words.name}
            description={words.nameHelp}
            defaultValue={changed?.name}
            error={problem}
            required
            mb="sm"
            spellCheck={false}
            data-autofocus
          />
          {transformation === undefined && (
            <TextInput
              name="transformation"
              label={words.text}
              description={changed && texts.settings.named.editHelp}
              defaultValue={changed?.transformation}
              placeholder="w-400,h-300,fo-auto"
              required
              spellCheck={false}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}
