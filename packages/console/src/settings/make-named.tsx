import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { namedKey } from "./named-key.ts";

interface MakeNamedProps {
  /** The transformation that gets the name, if it is known already. */
  readonly transformation?: string;
  readonly onClose: () => void;
}

const words = texts.playground;

/** Gives a transformation a name, by which addresses call it. */
export function MakeNamed({ transformation, onClose }: MakeNamedProps) {
  const client = useQueryClient();

  async function send(fields: FormData): Promise<void> {
    const name = String(fields.get("name"));
    const body = { name, transformation: transformation ?? String(fields.get("transformation")) };
    await call("POST /v1/named-transformations", { body });
    await client.invalidateQueries({ queryKey: namedKey });
    notify({ kind: "done", message: words.saved(name) });
  }

  return (
    <FormDialog title={words.save} submit={texts.details.save} onSubmit={send} onClose={onClose}>
      {(problem) => (
        <>
          <TextInput
            name="name"
            label={words.name}
            description={words.nameHelp}
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
