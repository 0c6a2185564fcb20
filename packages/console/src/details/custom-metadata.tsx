import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldsKey, loadFields } from "../library/custom-fields.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { changeFile } from "./change-file.ts";
import { CustomField, type CustomValue } from "./custom-field.tsx";
import { Section } from "./section.tsx";

const words = texts.details;

/** The account's custom metadata of the file, as a form with a control for each field. */
export function CustomMetadata({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const stored = file.customMetadata as Readonly<Record<string, CustomValue>>;
  const [changes, setChanges] = useState<Readonly<Record<string, CustomValue | null>>>({});
  const [isBusy, setBusy] = useState(false);
  const { data: fields = [] } = useQuery({
    queryKey: fieldsKey,
    queryFn: ({ signal }) => loadFields(signal),
    staleTime: 5 * 60_000,
  });
  if (fields.length === 0) return null;
  const isChanged = Object.keys(changes).length > 0;

  async function save(): Promise<void> {
    setBusy(true);
    if (await changeFile(file.fileId, { customMetadata: changes })) {
      setChanges({});
      notify({ kind: "done", message: words.saved });
    }
    setBusy(false);
  }

  return (
    <Section title={words.customMetadata}>
      {fields.map((field) => (
        <CustomField
          key={field.id}
          field={field}
          value={(Object.hasOwn(changes, field.name) ? changes[field.name] : own(stored, field.name)) ?? undefined}
          isDisabled={!mayChange}
          onChange={(value) => setChanges({ ...changes, [field.name]: value ?? null })}
        />
      ))}
      {isChanged && (
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button size="compact-sm" variant="default" onClick={() => setChanges({})}>
            {texts.dialogs.cancel}
          </Button>
          <Button size="compact-sm" onClick={() => void save()} loading={isBusy}>
            {words.save}
          </Button>
        </Group>
      )}
    </Section>
  );
}

/** A field may be called as a method that every object has. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
