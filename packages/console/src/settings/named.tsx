import { Button, Switch } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Card, Row, Rows } from "./card.tsx";
import { MakeNamed, type NamedTransformation } from "./make-named.tsx";
import { namedKey } from "./named-key.ts";
import { useList } from "./use-list.ts";

const words = texts.settings.named;

/** The transformations that URLs call by a name. */
export function Named({ mayChange }: { readonly mayChange: boolean }) {
  /** The one whose form is open. */
  const [edited, setEdited] = useState<NamedTransformation | "new">();
  const { data, error, refetch, run } = useList(
    namedKey,
    async (signal) => (await call("GET /v1/named-transformations", {}, signal)).body,
  );

  if (error && data === undefined) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
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
      {data?.length === 0 && <State level={2} title={words.none} help={words.noneHelp} />}
      {data === undefined && <Skeleton />}
      <Rows>
        {data?.map((named) => {
          const { id, name, transformation, enabled } = named;
          return (
            <Row key={id} title={`n-${name}`} facts={<code>{transformation}</code>}>
              {mayChange && (
                <>
                  <Switch
                    size="sm"
                    label={words.enabled}
                    aria-label={`${words.enabled}: ${name}`}
                    checked={enabled}
                    onChange={({ currentTarget: { checked } }) =>
                      void run(() =>
                        call("PATCH /v1/named-transformations/:id", { parameters: { id }, body: { enabled: checked } }),
                      )
                    }
                  />
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`${texts.settings.change}: ${name}`}
                    onClick={() => setEdited(named)}
                  >
                    {texts.settings.change}
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    aria-label={`${texts.selection.delete} ${name}`}
                    onClick={() => void run(() => call("DELETE /v1/named-transformations/:id", { parameters: { id } }))}
                  >
                    {texts.selection.delete}
                  </Button>
                </>
              )}
            </Row>
          );
        })}
      </Rows>
      {edited !== undefined && (
        <MakeNamed changed={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Card>
  );
}
