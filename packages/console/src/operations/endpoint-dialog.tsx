import { Checkbox, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../api/problem.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";
import { texts } from "../texts/texts.ts";
import { type Endpoint, type EventName, eventNames } from "./endpoints.ts";
import styles from "./operations.module.css";

const words = texts.operations.webhooks;

interface EndpointDialogProps {
  /** The endpoint that is changed; undefined for a new one. */
  readonly endpoint?: Endpoint | undefined;
  readonly onSubmit: (sent: { readonly url: string; readonly events: EventName[] | null }) => Promise<void>;
  readonly onClose: () => void;
}

/** A form for the address of an endpoint and the events that it is told of. */
export function EndpointDialog({ endpoint, onSubmit, onClose }: EndpointDialogProps) {
  const [isAll, setAll] = useState(endpoint?.events == null);
  const [chosen, setChosen] = useState<readonly EventName[]>(endpoint?.events ?? []);

  async function send(fields: FormData): Promise<void> {
    if (!isAll && chosen.length === 0) throw new Problem(words.chooseEvents, { status: 0 });
    await onSubmit({ url: String(fields.get("url")), events: isAll ? null : [...chosen] });
  }

  return (
    <FormDialog
      title={endpoint === undefined ? words.make : words.editTitle}
      submit={endpoint === undefined ? texts.dialogs.create : texts.details.save}
      onSubmit={send}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <TextInput
            name="url"
            type="url"
            label={words.url}
            description={words.urlHelp}
            placeholder="https://app.example/hooks"
            defaultValue={endpoint?.url ?? ""}
            error={problem}
            required
            maxLength={2048}
            spellCheck={false}
            data-autofocus
            mb="md"
          />
          <Switch
            label={words.all}
            description={words.allHelp}
            checked={isAll}
            onChange={({ currentTarget }) => setAll(currentTarget.checked)}
            mb="md"
          />
          {!isAll && (
            <Checkbox.Group
              label={words.events}
              value={[...chosen]}
              onChange={(values) => setChosen(values as EventName[])}
            >
              <div className={styles.choices}>
                {eventNames.map((name) => (
                  <Checkbox key={name} value={name} label={name} size="sm" />
                ))}
              </div>
            </Checkbox.Group>
          )}
        </>
      )}
    </FormDialog>
  );
}
