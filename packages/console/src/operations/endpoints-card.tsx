import { ActionIcon, Alert, Badge, Button, Group, Menu, Switch } from "@mantine/core";
import { Ellipsis, PencilLine, Plus, Send, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { ConfirmDialog } from "../dialogs/confirm-dialog.tsx";
import { Dialog } from "../dialogs/dialog.tsx";
import { Card, Row, Rows } from "../settings/card.tsx";
import { CodeBlock } from "../shell/code-block.tsx";
import { notify } from "../shell/notice-store.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { EndpointDialog } from "./endpoint-dialog.tsx";
import { type Endpoint, renewWebhooks, useEndpoints } from "./endpoints.ts";

type Created = Answer<"POST /_sluice/webhooks">;

const words = texts.operations.webhooks;

interface EndpointsCardProps {
  /** Called with the attempt that a test has made, unless somebody has gone elsewhere meanwhile. */
  readonly onTested: (attemptId: string) => void;
}

/** The account's endpoints: added, changed, tested and removed here. A secret is shown once. */
export function EndpointsCard({ onTested }: EndpointsCardProps) {
  const { data: endpoints, error, refetch } = useEndpoints();
  const [created, setCreated] = useState<Created>();
  const [editing, setEditing] = useState<Endpoint | "new">();
  const [removing, setRemoving] = useState<Endpoint>();
  const [testing, setTesting] = useState<string>();
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  /** Changes something and asks for the list again. A refusal is shown as a notice. */
  async function run(change: () => Promise<unknown>): Promise<void> {
    await change().catch(tellProblem);
    await renewWebhooks();
  }

  async function test({ id }: Endpoint): Promise<void> {
    setTesting(id);
    await run(async () => {
      const { body } = await call("POST /_sluice/webhooks/:id/test", { parameters: { id } });
      if (isShown.current) onTested(body.id);
    });
    setTesting(undefined);
  }

  async function remove({ id }: Endpoint): Promise<void> {
    await run(async () => {
      await call("DELETE /_sluice/webhooks/:id", { parameters: { id } });
      notify({ kind: "done", message: words.removed });
    });
  }

  if (error && endpoints === undefined)
    return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button leftSection={<Plus size={16} />} onClick={() => setEditing("new")}>
          {words.make}
        </Button>
      }
    >
      {endpoints === undefined && <Skeleton rows={2} />}
      {endpoints?.length === 0 && <State level={2} title={words.none} help={words.noneHelp} />}
      <Rows>
        {endpoints?.map((endpoint) => (
          <Row
            key={endpoint.id}
            title={
              <>
                {endpoint.url}
                {endpoint.origin === "configured" && <Badge variant="outline">{words.configured}</Badge>}
              </>
            }
            facts={[
              endpoint.events === null ? words.all : endpoint.events.join(", "),
              ...(endpoint.origin === "configured" ? [words.configuredHelp] : []),
            ].join(" · ")}
          >
            <Switch
              size="sm"
              label={words.enabled}
              aria-label={`${words.enabled}: ${endpoint.url}`}
              checked={endpoint.status === "enabled"}
              onChange={({ currentTarget: { checked } }) =>
                void run(() =>
                  call("PATCH /_sluice/webhooks/:id", {
                    parameters: { id: endpoint.id },
                    body: { status: checked ? "enabled" : "disabled" },
                  }),
                )
              }
            />
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Send size={14} />}
              disabled={testing !== undefined}
              aria-label={`${words.test} ${endpoint.url}`}
              onClick={() => void test(endpoint)}
            >
              {testing === endpoint.id ? words.testing : words.test}
            </Button>
            {endpoint.origin === "added" && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" aria-label={`${words.more}: ${endpoint.url}`}>
                    <Ellipsis size={18} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<PencilLine size={16} />} onClick={() => setEditing(endpoint)}>
                    {words.edit}
                  </Menu.Item>
                  <Menu.Item color="red" leftSection={<Trash2 size={16} />} onClick={() => setRemoving(endpoint)}>
                    {words.remove}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </Row>
        ))}
      </Rows>
      {editing && (
        <EndpointDialog
          endpoint={editing === "new" ? undefined : editing}
          onSubmit={async (body) => {
            if (editing === "new") {
              setCreated((await call("POST /_sluice/webhooks", { body })).body);
              return;
            }
            await call("PATCH /_sluice/webhooks/:id", { parameters: { id: editing.id }, body });
            await renewWebhooks();
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
      {created && (
        <CreatedDialog
          endpoint={created}
          onClose={() => {
            setCreated(undefined);
            void renewWebhooks();
          }}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle}
          confirm={words.remove}
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(undefined)}
        >
          {words.removeHelp(removing.url)}
        </ConfirmDialog>
      )}
    </Card>
  );
}

function CreatedDialog({ endpoint, onClose }: { readonly endpoint: Created; readonly onClose: () => void }) {
  return (
    <Dialog title={words.createdTitle} onClose={onClose} isSticky>
      <Alert color="yellow" mb="md">
        {words.createdHelp}
      </Alert>
      <p>{words.secret}</p>
      <CodeBlock label={words.secret} text={endpoint.secret} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          {texts.dialogs.done}
        </Button>
      </Group>
    </Dialog>
  );
}
