import { Badge, Button, NativeSelect, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RefreshCw, ShieldCheck } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { onChange } from "../library/changes.ts";
import { Card, Row, Rows } from "../settings/card.tsx";
import { Act } from "../shell/act.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import styles from "./developers.module.css";

type Refusal = Answer<"GET /_sluice/refusals">["refusals"][number];

const words = texts.developers.refusals;
const kinds = ["", "upload", "api", "delivery"] as const;
/** The number of rows that are drawn at first. */
const shownAtFirst = 50;

/** The account's recent refusals. */
export function Refusals() {
  const [asked, setAsked] = useState("");
  const [kind, setKind] = useState<string>("");
  const [isWhole, setWhole] = useState(false);
  const wanted = useDeferredValue(asked.trim().toLowerCase());
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["refusals"],
    queryFn: async ({ signal }) => (await call("GET /_sluice/refusals", { query: { limit: 500 } }, signal)).body,
  });
  // Asked again with the rest of the console, and not while nobody works here, so that the session can end.
  useEffect(() => onChange(() => void refetch()), [refetch]);
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  const found = data?.refusals.filter((refusal) => isOf(refusal, kind, wanted));
  const shown = isWhole ? found : found?.slice(0, shownAtFirst);
  return (
    <Card
      title={words.title}
      help={words.help}
      action={<Act label={words.renew} icon={RefreshCw} isOff={isFetching} run={() => void refetch()} />}
    >
      <div className={styles.filters}>
        <TextInput
          className={styles.search}
          aria-label={words.search}
          placeholder={words.search}
          value={asked}
          onChange={({ currentTarget }) => setAsked(currentTarget.value)}
        />
        <NativeSelect
          aria-label={words.kind}
          value={kind}
          data={kinds.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={({ currentTarget }) => setKind(currentTarget.value)}
        />
      </div>
      {data === undefined && <div className={styles.waiting} role="status" aria-label={texts.shell.loading} />}
      {data?.refusals.length === 0 && (
        <State title={words.none} help={words.noneHelp} level={2} picture={<ShieldCheck size={36} aria-hidden />} />
      )}
      {data !== undefined && data.refusals.length > 0 && found?.length === 0 && (
        <State title={words.nothingFound} help={words.nothingFoundHelp} level={2} />
      )}
      <Rows>
        {shown?.map((refusal) => (
          <RefusalRow key={keyOf(refusal)} refusal={refusal} />
        ))}
      </Rows>
      {found !== undefined && shown !== undefined && shown.length < found.length && (
        <Button variant="default" mt="sm" onClick={() => setWhole(true)}>
          {words.more(found.length - shown.length)}
        </Button>
      )}
      {data !== undefined && (
        <Text size="xs" c="dimmed" mt="md">
          {words.asked(data.asked.processes, data.asked.node)}{" "}
          {data.asked.silent > 0 && words.silent(data.asked.silent)}
        </Text>
      )}
    </Card>
  );
}

function RefusalRow({ refusal }: { readonly refusal: Refusal }) {
  const { at, kind, operation, status, reason, message, help, parameter, proven, requestId } = refusal;
  return (
    <Row
      title={
        <>
          <span className={styles.reason}>{reason}</span>
          <Badge variant="light">{words.kinds[kind]}</Badge>
          {parameter !== null && (
            <Badge variant="outline" tt="none">
              {parameter}
            </Badge>
          )}
          {!proven && kind !== "delivery" && (
            <Badge variant="outline" color="gray" title={words.unprovenHelp}>
              {words.unproven}
            </Badge>
          )}
        </>
      }
      facts={
        <>
          <Text size="sm" c="var(--text)" className={styles.message}>
            {message} {help}
          </Text>
          {[timeText(at), status, operation ?? words.noOperation, requestId].join(" · ")}
        </>
      }
    >
      {ofTokens.test(reason) && (
        <Button
          size="compact-sm"
          variant="subtle"
          renderRoot={(props) => <Link to="/developers/$part" params={{ part: "tokens" }} {...props} />}
        >
          {words.check}
        </Button>
      )}
    </Row>
  );
}

/** The reasons that a look at the token explains. */
const ofTokens = /^(?:TOKEN_|PAYLOAD_MISMATCH$)/;

function isOf({ kind, reason, message, help, parameter, requestId }: Refusal, asked: string, wanted: string): boolean {
  if (asked !== "" && kind !== asked) return false;
  return [reason, message, help, parameter, requestId].some((text) => text?.toLowerCase().includes(wanted));
}

function keyOf({ requestId, at, reason }: Refusal): string {
  return `${requestId} ${at} ${reason}`;
}
