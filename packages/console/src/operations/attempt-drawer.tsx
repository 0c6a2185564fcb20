import { Button, Drawer, Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { notify } from "../shell/notice-store.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { timeText } from "../shell/time-text.ts";
import { useFocusBack } from "../shell/use-focus-back.ts";
import { texts } from "../texts/texts.ts";
import { OutcomeBadge } from "./attempts-card.tsx";
import { attemptsKey, eventNames, renewWebhooks } from "./endpoints.ts";
import styles from "./operations.module.css";

type Details = Answer<"GET /_sluice/webhook-attempts/:id">;

const words = texts.operations.deliveries;

/** One attempt: what was sent, and what the receiver has answered. */
export function AttemptDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...attemptsKey, "details", id],
    queryFn: async ({ signal }) =>
      (await call("GET /_sluice/webhook-attempts/:id", { parameters: { id } }, signal)).body,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useFocusBack();
  const problem = error && asProblem(error);
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size="34rem"
      // Locking the scroll bar would write a style sheet, which the page's policy refuses.
      lockScroll={false}
      transitionProps={{ duration: 120 }}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        {/* The page has a banner already. */}
        <Drawer.Header role="presentation">
          <Drawer.Title>{words.detail}</Drawer.Title>
          <Drawer.CloseButton aria-label={words.close} />
        </Drawer.Header>
        <Drawer.Body>
          {problem ? (
            problem.status === 404 ? (
              <Text c="dimmed">{words.gone}</Text>
            ) : (
              <ProblemState level={2} problem={problem} onAgain={() => void refetch()} />
            )
          ) : data === undefined ? (
            <Skeleton rows={6} />
          ) : (
            <AttemptDetails details={data} />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function AttemptDetails({ details }: { readonly details: Details }) {
  const { request, answer } = details;
  const body = request.body === null ? words.bodyGone : readable(request.body);
  return (
    <>
      <dl className={styles.facts}>
        <Fact name={words.outcome}>
          <OutcomeBadge attempt={details} /> {details.error}
        </Fact>
        <Fact name={words.event}>
          {details.eventType ?? words.forgotten}
          <br />
          <span className={styles.quiet}>{details.eventId}</span>
        </Fact>
        <Fact name={words.sentAt}>{timeText(details.sentAt)}</Fact>
        <Fact name={words.duration}>{words.milliseconds(details.durationMs)}</Fact>
        {details.attempt > 0 && <Fact name={words.number}>{details.attempt}</Fact>}
      </dl>
      <Replay details={details} />
      <Part title={words.request}>
        {request.url !== null && <pre className={styles.code}>{`POST ${request.url}`}</pre>}
        <Headers of={words.request} headers={request.headers} />
        <Text size="xs" c="dimmed" mb="xs">
          {words.noSignatures}
        </Text>
        <Text size="sm">{words.body}</Text>
        <Plain text={body} label={`${words.request}: ${words.body}`} />
        {request.isCut && <Cut />}
      </Part>
      <Part title={words.answer}>
        {answer === null ? (
          <Text size="sm" c="dimmed">
            {details.status === null ? words.noAnswer : words.answerGone}
          </Text>
        ) : (
          <>
            <Headers of={words.answer} headers={answer.headers} />
            <Text size="sm">{words.body}</Text>
            <Plain text={answer.body} label={`${words.answer}: ${words.body}`} />
            {answer.isCut && <Cut />}
            <Text size="xs" c="dimmed">
              {words.hostile}
            </Text>
          </>
        )}
      </Part>
    </>
  );
}

/** Sends the event to the same endpoint again, if that can be done. */
function Replay({ details: { endpointId, eventId, eventType } }: { readonly details: Details }) {
  const [isBusy, setBusy] = useState(false);
  if (endpointId === null || !eventNames.some((name) => name === eventType)) return null;

  async function replay(id: string): Promise<void> {
    setBusy(true);
    try {
      await call("POST /_sluice/webhooks/:id/replay", { parameters: { id }, body: { eventId } });
      notify({ kind: "done", message: words.replayed });
      await renewWebhooks();
    } catch (error) {
      tellProblem(error);
    }
    setBusy(false);
  }

  return (
    <Group>
      <Button
        variant="light"
        leftSection={<RotateCcw size={16} />}
        loading={isBusy}
        onClick={() => void replay(endpointId)}
      >
        {words.replay}
      </Button>
    </Group>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface HeadersProps {
  /** The message that has them. */
  readonly of: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

function Headers({ of, headers }: HeadersProps) {
  if (headers.length === 0) return null;
  const lines = headers.map(({ name, value }) => `${name}: ${value}`);
  return (
    <>
      <Text size="sm">{words.headers}</Text>
      <Plain text={lines.join("\n")} label={`${of}: ${words.headers}`} />
    </>
  );
}

/** Text that anybody may have written. React makes a text node of it, so markup in it stays text. */
function Plain({ text, label }: { readonly text: string; readonly label: string }) {
  if (text === "") {
    return (
      <Text size="sm" c="dimmed">
        {words.empty}
      </Text>
    );
  }
  return (
    // A long text scrolls, also by keyboard.
    <pre className={styles.code} tabIndex={0} aria-label={label} role="region">
      {text}
    </pre>
  );
}

function Cut() {
  return (
    <Text size="xs" c="dimmed">
      {words.cut}
    </Text>
  );
}

/** JSON over several lines; any other text, also JSON that was cut, as it is. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
