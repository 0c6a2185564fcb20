import { Alert, Badge, Button, Checkbox, Group, Menu, NativeSelect, TextInput } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { ConfirmDialog } from "../dialogs/confirm-dialog.tsx";
import { Dialog } from "../dialogs/dialog.tsx";
import { useSession } from "../door/session.ts";
import { dateText } from "../library/library-file.ts";
import { CodeBlock } from "../shell/code-block.tsx";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { dayText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import { Card, Row, Rows } from "./card.tsx";
import { useList } from "./use-list.ts";

type Pair = Answer<"GET /_sluice/keys">[number];
type Created = Answer<"POST /_sluice/keys">;
type Role = Pair["role"];

const words = texts.settings.keys;
const roles = ["full", "upload", "read"] as const;
/** The hours for which an earlier pair stays valid when it is replaced. */
const graces = [24, 1, 72, 168, 0] as const;

/** Tells the pair from its successor too, which has the same name. */
function nameOf({ name, publicKey }: Pair): string {
  return name === null ? publicKey : words.named(name, publicKey);
}

/** The key pairs of the account: made, replaced and ended here. A private key is shown once. */
export function Keys() {
  const { session } = useSession();
  const [created, setCreated] = useState<Created>();
  const [isMaking, setMaking] = useState(false);
  const [ending, setEnding] = useState<Pair>();
  const {
    data: pairs,
    error,
    refetch,
    renew,
    run,
  } = useList(["keys"], async (signal) => (await call("GET /_sluice/keys", {}, signal)).body);

  /** The list is asked for once the private key has been copied: the session may have ended with the earlier pair. */
  async function show(make: () => Promise<Created>): Promise<void> {
    await make().then(setCreated, tellProblem);
  }

  const rotate = (id: string, graceHours: (typeof graces)[number]) =>
    show(
      async () =>
        (await call("POST /_sluice/keys/:id/rotate", { parameters: { id }, body: { graceHours } as never })).body,
    );

  if (error && pairs === undefined) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button leftSection={<KeyRound size={16} />} onClick={() => setMaking(true)}>
          {words.make}
        </Button>
      }
    >
      {pairs === undefined && <Skeleton />}
      <Rows>
        {pairs?.map((pair) => (
          <Row
            key={pair.id}
            title={
              <>
                {pair.name === null ? <code>{pair.publicKey}</code> : <span>{pair.name}</span>}
                <Badge variant="light">{words.roles[pair.role]}</Badge>
                {pair.publicKey === session.publicKey && <Badge variant="outline">{words.own}</Badge>}
              </>
            }
            facts={[
              ...(pair.name === null ? [] : [pair.publicKey]),
              words.created(dateText(pair.createdAt)),
              pair.lastUsedOn === null ? words.neverUsed : words.lastUsed(dayText(pair.lastUsedOn)),
              ...(pair.expiresAt === null ? [] : [words.ends(dateText(pair.expiresAt))]),
              ...(pair.role === "upload" && pair.mayOverwrite ? [words.overwrites] : []),
              ...(pair.origin === "configured" ? [words.configured] : []),
            ].join(" · ")}
          >
            {pair.origin === "generated" && (
              <>
                <Menu>
                  <Menu.Target>
                    <Button size="compact-sm" variant="default" aria-label={`${words.rotate} ${nameOf(pair)}`}>
                      {words.rotate}
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Label>{words.grace}</Menu.Label>
                    {graces
                      .filter((hours) => hours > 0 || pair.publicKey !== session.publicKey)
                      .map((hours) => (
                        <Menu.Item key={hours} onClick={() => void rotate(pair.id, hours)}>
                          {words.graceOf(hours)}
                        </Menu.Item>
                      ))}
                  </Menu.Dropdown>
                </Menu>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={`${words.end} ${nameOf(pair)}`}
                  onClick={() => setEnding(pair)}
                >
                  {words.end}
                </Button>
              </>
            )}
          </Row>
        ))}
      </Rows>
      {isMaking && (
        <MakeDialog
          onClose={() => setMaking(false)}
          onMake={(body) => void show(async () => (await call("POST /_sluice/keys", { body })).body)}
        />
      )}
      {created && (
        <CreatedDialog
          pair={created}
          onClose={() => {
            setCreated(undefined);
            void renew();
          }}
        />
      )}
      {ending && (
        <ConfirmDialog
          title={words.endTitle}
          confirm={words.end}
          onConfirm={() => void run(() => call("DELETE /_sluice/keys/:id", { parameters: { id: ending.id } }))}
          onClose={() => setEnding(undefined)}
        >
          {words.endHelp(nameOf(ending))}
        </ConfirmDialog>
      )}
    </Card>
  );
}

interface MakeDialogProps {
  readonly onClose: () => void;
  readonly onMake: (pair: { readonly role: Role; readonly mayOverwrite?: true; readonly name?: string }) => void;
}

function MakeDialog({ onClose, onMake }: MakeDialogProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("upload");
  const [mayOverwrite, setMayOverwrite] = useState(false);
  return (
    <Dialog title={words.make} onClose={onClose}>
      <TextInput
        label={words.name}
        description={words.nameHelp}
        value={name}
        maxLength={100}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        autoComplete="off"
        mb="md"
        data-autofocus
      />
      <NativeSelect
        label={words.role}
        description={words.roleHelp[role]}
        value={role}
        data={roles.map((value) => ({ value, label: words.roles[value] }))}
        onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}
      />
      {role === "upload" && (
        <Checkbox
          mt="md"
          label={words.mayOverwrite}
          description={words.mayOverwriteHelp}
          checked={mayOverwrite}
          onChange={({ currentTarget }) => setMayOverwrite(currentTarget.checked)}
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {texts.dialogs.cancel}
        </Button>
        <Button
          onClick={() => {
            onClose();
            const named = name.trim() === "" ? {} : { name: name.trim() };
            onMake({ role, ...(role === "upload" && mayOverwrite && { mayOverwrite }), ...named });
          }}
        >
          {texts.dialogs.create}
        </Button>
      </Group>
    </Dialog>
  );
}

function CreatedDialog({ pair, onClose }: { readonly pair: Created; readonly onClose: () => void }) {
  return (
    <Dialog title={words.createdTitle} onClose={onClose} isSticky>
      <Alert color="yellow" mb="md">
        {words.createdHelp}
      </Alert>
      <p>{texts.door.publicKey}</p>
      <CodeBlock label={texts.door.publicKey} text={pair.publicKey} />
      <p>{texts.door.privateKey}</p>
      <CodeBlock label={texts.door.privateKey} text={pair.privateKey} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          {texts.dialogs.done}
        </Button>
      </Group>
    </Dialog>
  );
}
