import { Badge, Button, Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { notify } from "../shell/notice-store.ts";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Card, Row, Rows } from "./card.tsx";

type Field = Answer<"GET /v1/customMetadataFields">[number];
type FieldType = Field["schema"]["type"];

const words = texts.settings.fields;
const types: readonly FieldType[] = ["Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect"];

/** The fields of custom metadata, which every file of the account may have. */
export function Fields({ mayChange }: { readonly mayChange: boolean }) {
  const client = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const [going, setGoing] = useState<Field>();
  const {
    data: fields,
    error,
    refetch,
  } = useQuery({
    queryKey: ["custom metadata fields"],
    queryFn: async ({ signal }) => (await call("GET /v1/customMetadataFields", {}, signal)).body,
  });
  const changed = () => client.invalidateQueries({ queryKey: ["custom metadata fields"] });

  async function remove({ id }: Field): Promise<void> {
    setGoing(undefined);
    await call("DELETE /v1/customMetadataFields/:id", { parameters: { id } }).catch((thrown: unknown) =>
      notify({ kind: "failed", message: asProblem(thrown).message }),
    );
    await changed();
  }

  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        mayChange && (
          <Button leftSection={<Plus size={16} />} onClick={() => setMaking(true)}>
            {words.make}
          </Button>
        )
      }
    >
      {fields?.length === 0 && <State level={2} title={words.none} help={words.noneHelp} />}
      <Rows>
        {fields?.map((field) => (
          <Row
            key={field.id}
            title={
              <>
                {field.label}
                <Badge variant="light">{words.types[field.schema.type]}</Badge>
              </>
            }
            facts={[
              field.name,
              ...(field.description === undefined ? [] : [field.description]),
              ...rulesOf(field),
            ].join(" · ")}
          >
            {mayChange && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                aria-label={`${texts.selection.delete} ${field.label}`}
                onClick={() => setGoing(field)}
              >
                {texts.selection.delete}
              </Button>
            )}
          </Row>
        ))}
      </Rows>
      {isMaking && <MakeField onClose={() => setMaking(false)} onMade={() => void changed()} />}
      {going && (
        <Dialog title={words.deleteTitle(going.label)} onClose={() => setGoing(undefined)}>
          <p>{words.deleteHelp}</p>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setGoing(undefined)} data-autofocus>
              {texts.dialogs.cancel}
            </Button>
            <Button color="red" onClick={() => void remove(going)}>
              {texts.selection.delete}
            </Button>
          </Group>
        </Dialog>
      )}
    </Card>
  );
}

function rulesOf({ schema }: Field): readonly string[] {
  const { minValue, maxValue, minLength, maxLength, selectOptions } = schema;
  return [
    ...(minValue === undefined ? [] : [words.atLeast(minValue)]),
    ...(maxValue === undefined ? [] : [words.atMost(maxValue)]),
    ...(minLength === undefined ? [] : [words.minLength(minLength)]),
    ...(maxLength === undefined ? [] : [words.maxLength(maxLength)]),
    ...(selectOptions === undefined ? [] : [selectOptions.join(", ")]),
  ];
}

function MakeField({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [type, setType] = useState<FieldType>("Text");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const options = text("options")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const bound = (name: string) => (text(name) === "" ? {} : { [name]: Number(text(name)) });
    const schema = {
      type,
      ...(hasOptions(type) && { selectOptions: options }),
      ...(type === "Number" && { ...bound("minValue"), ...bound("maxValue") }),
      ...((type === "Text" || type === "Textarea") && { ...bound("minLength"), ...bound("maxLength") }),
    };
    setBusy(true);
    try {
      await call("POST /v1/customMetadataFields", { body: { name: text("name"), label: text("label"), schema } });
      onMade();
      onClose();
    } catch (error) {
      const { message, help } = asProblem(error);
      setProblem(help ?? message);
      setBusy(false);
    }
  }

  return (
    <Dialog title={words.make} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
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
        {(type === "Text" || type === "Textarea") && <Bounds min="minLength" max="maxLength" />}
        {problem !== undefined && (
          <p role="alert" style={{ color: "var(--bad)" }}>
            {problem}
          </p>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {texts.dialogs.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {texts.dialogs.create}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

function Bounds({ min, max }: { readonly min: "minValue" | "minLength"; readonly max: "maxValue" | "maxLength" }) {
  return (
    <Group grow mb="sm">
      <TextInput name={min} label={words.bounds[min]} type="number" step="any" />
      <TextInput name={max} label={words.bounds[max]} type="number" step="any" />
    </Group>
  );
}

function hasOptions(type: FieldType): boolean {
  return type === "SingleSelect" || type === "MultiSelect";
}
