import { Button, Group, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { notify } from "../shell/notice-store.ts";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Card, Row, Rows } from "./card.tsx";

const words = texts.settings.named;
const key = ["named transformations"] as const;

/** The transformations that addresses call by a name. */
export function Named({ mayChange }: { readonly mayChange: boolean }) {
  const client = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await call("GET /v1/named-transformations", {}, signal)).body,
  });

  async function run(what: () => Promise<unknown>): Promise<void> {
    await what().catch((thrown: unknown) => {
      const { message, help } = asProblem(thrown);
      notify({ kind: "failed", message, details: help === undefined ? [] : [help] });
    });
    await client.invalidateQueries({ queryKey: key });
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
      {data?.length === 0 && <State level={2} title={words.none} help={words.noneHelp} />}
      <Rows>
        {data?.map(({ id, name, transformation, enabled }) => (
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
        ))}
      </Rows>
      {isMaking && (
        <MakeNamed onClose={() => setMaking(false)} onMade={() => void client.invalidateQueries({ queryKey: key })} />
      )}
    </Card>
  );
}

function MakeNamed({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, transformation] = [String(form.get("name")), String(form.get("transformation"))];
    try {
      await call("POST /v1/named-transformations", { body: { name, transformation } });
      onMade();
      onClose();
    } catch (error) {
      const { message, help } = asProblem(error);
      setProblem(help ?? message);
    }
  }

  return (
    <Dialog title={words.make} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          name="name"
          label={texts.playground.name}
          description={texts.playground.nameHelp}
          required
          mb="sm"
          spellCheck={false}
          data-autofocus
        />
        <TextInput
          name="transformation"
          label={texts.playground.text}
          placeholder="w-400,h-300,fo-auto"
          error={problem}
          required
          spellCheck={false}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {texts.dialogs.cancel}
          </Button>
          <Button type="submit">{texts.dialogs.create}</Button>
        </Group>
      </form>
    </Dialog>
  );
}
