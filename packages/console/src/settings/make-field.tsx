import { Group, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import type { Answer } from "../api/routes.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";
import { texts } from "../texts/texts.ts";

type FieldType = Answer<"GET /v1/customMetadataFields">[number]["schema"]["type"];

const words = texts.settings.fields;
const types: readonly FieldType[] = ["Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect"];

/** Makes a field of custom metadata, with the rules that its type can have. */
export function MakeField({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [type, setType] = useState<FieldType>("Text");

  async function send(fields: FormData): Promise<void> {
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const schema = { type, ...rulesIn(type, text) };
    await call("POST /v1/customMetadataFields", { body: { name: text("name"), label: text("label"), schema } });
    onMade();
  }

  return (
    <FormDialog title={words.make} submit={texts.dialogs.create} onSubmit={send} onClose={onClose}>
      {(problem) => (
        <>
          <TextInput name="label" label={words.label} required mb="sm" data-autofocus />
          <TextInput name="name" label={words.name} description={words.nameHelp} required mb="sm" spellCheck={false} />
          <NativeSelect
            label={words.type}
            value={type}
            mb="sm"
            data={types.map((value) => ({ value, label: words.types[value] }))}
            onChange={({ currentTarget }) => setType(currentTarget.value as FieldType)}
          />
          {hasOptions(type) && (
            <Textarea
              name="options"
              label={words.options}
              description={words.optionsHelp}
              autosize
              minRows={3}
              required
              mb="sm"
            />
          )}
          {type === "Number" && <Bounds min="minValue" max="maxValue" />}
          {hasLength(type) && <Bounds min="minLength" max="maxLength" />}
          {problem !== undefined && (
            <Text role="alert" c="var(--bad)">
              {problem}
            </Text>
          )}
        </>
      )}
    </FormDialog>
  );
}

function rulesIn(type: FieldType, text: (name: string) => string) {
  const bound = (name: string) => (text(name) === "" ? {} : { [name]: Number(text(name)) });
  const options = text("options")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    ...(hasOptions(type) && { selectOptions: options }),
    ...(type === "Number" && { ...bound("minValue"), ...bound("maxValue") }),
    ...(hasLength(type) && { ...bound("minLength"), ...bound("maxLength") }),
  };
}

function hasLength(type: FieldType): boolean {
  return type === "Text" || type === "Textarea";
}

function Bounds({ min, max }: { readonly min: "minValue" | "minLength"; readonly max: "maxValue" | "maxLength" }) {
  return (
    <Group grow align="flex-end" mb="sm">
      <TextInput name={min} label={words.bounds[min]} type="number" step="any" />
      <TextInput name={max} label={words.bounds[max]} type="number" step="any" />
    </Group>
  );
}

function hasOptions(type: FieldType): boolean {
  return type === "SingleSelect" || type === "MultiSelect";
}
