import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldsKey, loadFields } from "../library/custom-fields.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { changeFile } from "./change-file.ts";
import { CustomField, type CustomValue } from "./custom-field.tsx";
import { SaveBar } from "./save-bar.tsx";
import { Section } from "./section.tsx";

const words = texts.details;

/** The account's custom metadata of the file, as a form with a control for each field. */
export function CustomMetadata({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const stored = valuesOf(file);
  const [changes, setChanges] = useState<Values>({});
  /** The values from which the changes began. */
  const [before, setBefore] = useState<Values>({});
  const [isBusy, setBusy] = useState(false);
  const { data: fields = [] } = useQuery({
    queryKey: fieldsKey,
    queryFn: ({ signal }) => loadFields(signal),
    staleTime: 5 * 60_000,
  });
  if (fields.length === 0) return null;
  const isChanged = Object.keys(changes).length > 0;

  const overtaken = fields.filter(
    ({ name }) =>
      Object.hasOwn(changes, name) &&
      !isSame(own(stored, name), before[name]) &&
      !isSame(own(stored, name), changes[name]),
  );

  function drop(): void {
    setChanges({});
    setBefore({});
  }

  function change(name: string, value: CustomValue | null): void {
    if (!Object.hasOwn(before, name)) setBefore({ ...before, [name]: own(stored, name) ?? null });
    setChanges({ ...changes, [name]: value });
  }

  async function save(): Promise<void> {
    setBusy(true);
    const isAsShown = (now: LibraryFile) =>
      Object.keys(changes).every((name) => isSame(own(valuesOf(now), name), own(stored, name)));
    if (await changeFile(file.fileId, { customMetadata: changes }, isAsShown)) {
      drop();
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
          onChange={(value) => change(field.name, value ?? null)}
        />
      ))}
      {isChanged && (
        <SaveBar
          overtakenBy={overtaken.length > 0 ? overtaken.map((field) => textOf(field, stored)).join(", ") : undefined}
          isBusy={isBusy}
          onDrop={drop}
          onSave={() => void save()}
        />
      )}
    </Section>
  );
}

type Values = Readonly<Record<string, CustomValue | null>>;

function valuesOf({ customMetadata }: LibraryFile): Readonly<Record<string, CustomValue>> {
  return customMetadata as Readonly<Record<string, CustomValue>>;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function textOf(
  { name, label }: { name: string; label: string },
  values: Readonly<Record<string, CustomValue>>,
): string {
  return `${label} ${String(own(values, name) ?? words.emptyNow)}`;
}

/** A field may be called as a method that every object has. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
