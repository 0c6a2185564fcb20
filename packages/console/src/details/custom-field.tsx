import { Checkbox, Chip, Group, Input, NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Answer } from "../api/routes.ts";

type Field = Answer<"GET /v1/customMetadataFields">[number];
type Scalar = string | number | boolean;
export type CustomValue = Scalar | readonly Scalar[];

interface CustomFieldProps {
  readonly field: Field;
  readonly value: CustomValue | undefined;
  readonly isDisabled: boolean;
  /** Called with undefined when the value is taken away. */
  readonly onChange: (value: CustomValue | undefined) => void;
}

/** The control of one custom metadata field, with the field's own bounds. */
export function CustomField({ field, value, isDisabled, onChange }: CustomFieldProps) {
  const { label, description, schema } = field;
  const common = { label, description, disabled: isDisabled, mb: "sm", size: "sm" } as const;
  const text = value === undefined ? "" : String(value);
  const lengths = {
    ...(schema.minLength !== undefined && { minLength: schema.minLength }),
    ...(schema.maxLength !== undefined && { maxLength: schema.maxLength }),
  };
  const bounds = {
    ...(schema.minValue !== undefined && { min: schema.minValue }),
    ...(schema.maxValue !== undefined && { max: schema.maxValue }),
  };
  const options = schema.selectOptions ?? [];
  const take = (given: string) => onChange(given === "" ? undefined : given);
  switch (schema.type) {
    case "Textarea":
      return (
        <Textarea
          {...common}
          {...lengths}
          autosize
          minRows={2}
          value={text}
          onChange={(event) => take(event.currentTarget.value)}
        />
      );
    case "Number":
      return (
        <TextInput
          {...common}
          {...bounds}
          type="number"
          step="any"
          value={text}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value === "" ? undefined : currentTarget.valueAsNumber)
          }
        />
      );
    case "Date":
      return (
        <TextInput
          {...common}
          type="date"
          value={text.slice(0, 10)}
          onChange={({ currentTarget }) =>
            take(currentTarget.value === "" ? "" : `${currentTarget.value}T00:00:00.000Z`)
          }
        />
      );
    case "Boolean":
      return (
        <Checkbox
          {...common}
          checked={value === true}
          indeterminate={value === undefined}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case "SingleSelect":
      return (
        <NativeSelect
          {...common}
          value={text}
          data={["", ...options.map(String)]}
          onChange={({ currentTarget }) => onChange(options.find((option) => String(option) === currentTarget.value))}
        />
      );
    case "MultiSelect": {
      const chosen = Array.isArray(value) ? (value as readonly Scalar[]) : [];
      return (
        <Input.Wrapper {...common} labelElement="div">
          <Chip.Group
            multiple
            value={chosen.map(String)}
            onChange={(names) => {
              const picked = options.filter((option) => names.includes(String(option)));
              onChange(picked.length === 0 ? undefined : picked);
            }}
          >
            <Group gap="xs" mt={4} role="group" aria-label={label}>
              {options.map((option) => (
                <Chip key={String(option)} value={String(option)} size="xs" disabled={isDisabled}>
                  {String(option)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      );
    }
    default:
      return (
        <TextInput {...common} {...lengths} value={text} onChange={({ currentTarget }) => take(currentTarget.value)} />
      );
  }
}
