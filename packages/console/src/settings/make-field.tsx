import { Group, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import type { Answer } from "../api/routes.ts";
import { FormDialog } from "../dialogs/form-dialog.tsx";
import { texts } from "../texts/texts.ts";

export type Field = Answer<"GET /v1/customMetadataFields">[number];
type FieldType = Field["schema"]["type"];

const words = texts.settings.fields;
const types: readonly FieldType[] = ["Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect"];

interface MakeFieldProps {
  /** The field that is changed. Without one, a new one is made. Its name and its type stay. */
  readonly changed?: Field | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Makes or changes a field of custom metadata, with the rules that its type can have. */
export function MakeField({ changed, onClose, onDone }: MakeFieldProps) {
  const [type, setType] = useState<FieldType>(changed?.schema.type ?? "Text");
  const rules = changed?.schema;

  async function send(fields: FormData): Promise<void> {
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const { label, description } = { label: text("label"), description: text("description") };
    if (changed) {
      const schema = changedRules(type, text, changed.schema.selectOptions);
      const body = { label, description, ...(Object.keys(schema).length > 0 && { schema }) };
      await call("PATCH /v1/customMetadataFields/:id", { parameters: { id: changed.id }, body });
    } else {
      const schema = { type, ...rulesIn(type, text) };
      const body = { name: text("name"), label, ...(description !== "" && { description }), schema };
      await call("POST /v1/customMetadataFields", { body });
    }
    onDone();
  }

  return (
    <FormDialog
      title={changed ? words.edit : words.make}
      submit={changed ? texts.details.save : texts.dialogs.create}
      onSubmit={send}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <TextInput name="label" label={words.label} defaultValue={changed?.label} required mb="sm" data-autofocus />
          <TextInput
            name="name"
            label={words.name}
            description={words.nameHelp}
            defaultValue={changed?.name}
            disabled={changed !== undefined}
            required
            mb="sm"
            spellCheck={false}
          />
          <TextInput
            name="description"
            label={words.description}
            description={words.descriptionHelp}
            defaultValue={changed?.description}
            mb="sm"
          />
          <NativeSelect
            label={words.type}
            value={type}
            disabled={changed !== undefined}
            mb="sm"
            data={types.map((value) => ({ value, label: words.types[value] }))}
            onChange={({ currentTarget }) => setType(currentTarget.value as FieldType)}
          />
          {hasOptions(type) && (
            <Textarea
              name="options"
              label={words.options}
              description={words.optionsHelp}
              defaultValue={rules?.selectOptions?.join("\n")}
              autosize
              minRows={3}
              required
              mb="sm"
            />
          )}
          {type === "Number" && <Bounds min="minValue" max="maxValue" rules={rules} />}
          {hasLength(type) && <Bounds min="minLength" max="maxLength" rules={rules} />}
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

/**
 * The rules as the form has them. null takes a bound away; an option that was there stays what it is, such as a number.
 * Options that nobody has touched are left out, because some can't be written as a line, such as one that ends in a space.
 */
function changedRules(type: FieldType, text: (name: string) => string, before: Field["schema"]["selectOptions"] = []) {
  const { selectOptions, ...bounds } = rulesIn(type, text);
  const none = {
    ...(type === "Number" && { minValue: null, maxValue: null }),
    ...(hasLength(type) && { minLength: null, maxLength: null }),
  };
  const isTouched = selectOptions?.join("\n") !== linesOf(before.join("\n")).join("\n");
  const options = selectOptions?.map((line) => before.find((option) => String(option) === line) ?? line);
  return { ...none, ...bounds, ...(options && isTouched && { selectOptions: options }) };
}

function rulesIn(type: FieldType, text: (name: string) => string) {
  const bound = (name: string) => (text(name) === "" ? {} : { [name]: Number(text(name)) });
  return {
    ...(hasOptions(type) && { selectOptions: linesOf(text("options")) }),
    ...(type === "Number" && { ...bound("minValue"), ...bound("maxValue") }),
    ...(hasLength(type) && { ...bound("minLength"), ...bound("maxLength") }),
  };
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function hasLength(type: FieldType): boolean {
  return type === "Text" || type === "Textarea";
}

interface BoundsProps {
  readonly min: "minValue" | "minLength";
  readonly max: "maxValue" | "maxLength";
  readonly rules: Field["schema"] | undefined;
}

function Bounds({ min, max, rules }: BoundsProps) {
  return (
    <Group grow align="flex-end" mb="sm">
      <TextInput name={min} label={words.bounds[min]} defaultValue={rules?.[min]} type="number" step="any" />
      <TextInput name={max} label={words.bounds[max]} defaultValue={rules?.[max]} type="number" step="any" />
    </Group>
  );
}

function hasOptions(type: FieldType): boolean {
  return type === "SingleSelect" || type === "MultiSelect";
}
