import { Badge, Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { ConfirmDialog } from "../dialogs/confirm-dialog.tsx";
import { fieldsKey, loadFields } from "../library/custom-fields.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Card, Row, Rows } from "./card.tsx";
import { type Field, MakeField } from "./make-field.tsx";
import { useList } from "./use-list.ts";

const words = texts.settings.fields;

/** The fields of custom metadata, which every file of the account may have. */
export function Fields({ mayChange }: { readonly mayChange: boolean }) {
  /** The field whose form is open. */
  const [edited, setEdited] = useState<Field | "new">();
  const [going, setGoing] = useState<Field>();
  const { data: fields, error, refetch, renew, run } = useList(fieldsKey, loadFields);
  const remove = ({ id }: Field) => run(() => call("DELETE /v1/customMetadataFields/:id", { parameters: { id } }));

  if (error && fields === undefined) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        mayChange && (
          <Button leftSection={<Plus size={16} />} onClick={() => setEdited("new")}>
            {words.make}
          </Button>
        )
      }
    >
      {fields?.length === 0 && <State level={2} title={words.none} help={words.noneHelp} />}
      {fields === undefined && <Skeleton />}
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
              <>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${texts.settings.change}: ${field.label}`}
                  onClick={() => setEdited(field)}
                >
                  {texts.settings.change}
                </Button>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={`${texts.selection.delete} ${field.label}`}
                  onClick={() => setGoing(field)}
                >
                  {texts.selection.delete}
                </Button>
              </>
            )}
          </Row>
        ))}
      </Rows>
      {edited !== undefined && (
        <MakeField
          changed={edited === "new" ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onDone={() => void renew()}
        />
      )}
      {going && (
        <ConfirmDialog
          title={words.deleteTitle(going.label)}
          confirm={texts.selection.delete}
          onConfirm={() => void remove(going)}
          onClose={() => setGoing(undefined)}
        >
          {words.deleteHelp}
        </ConfirmDialog>
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
