import { Alert, Button, Table, Text, Textarea, Title } from "@mantine/core";
import { Check, Minus, X } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { Card } from "../settings/card.tsx";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import styles from "./developers.module.css";
import { parseForm } from "./parse-form.ts";
import type { TokenAtHand } from "./token-at-hand.ts";

type Report = Answer<"POST /_sluice/token-check">;

const words = texts.developers.check;
const icons = { passed: Check, failed: X, skipped: Minus } as const;

/** Has the server judge a token and a form, and shows each rule. */
export function TokenCheck({ given }: { readonly given: TokenAtHand | undefined }) {
  const [token, setToken] = useState(given?.token ?? "");
  const [form, setForm] = useState(given?.form.map(({ name, value }) => `${name}=${value}`).join("\n") ?? "");
  const [report, setReport] = useState<Report>();
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const submit = useRef<HTMLButtonElement>(null);
  // Whoever has had a token made below is led to what comes next.
  useEffect(() => {
    if (given !== undefined) submit.current?.focus();
  }, [given]);

  /** A verdict is about what was checked, not about what stands there now. */
  function forget(): void {
    setReport(undefined);
    setProblem(undefined);
  }

  async function check(event: FormEvent): Promise<void> {
    event.preventDefault();
    const parsed = parseForm(form);
    const asked = token.trim() === "" ? parsed.token : token.trim();
    if (asked === undefined) return;
    setToken(asked);
    setBusy(true);
    try {
      const body = { token: asked, ...(form.trim() !== "" && { form: [...parsed.fields] }) };
      setReport((await call("POST /_sluice/token-check", { body })).body);
      setProblem(undefined);
    } catch (error) {
      setReport(undefined);
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  const hasToken = token.trim() !== "" || parseForm(form).token !== undefined;
  return (
    <Card title={words.title} help={words.help}>
      <form className={styles.fields} onSubmit={(event) => void check(event)}>
        <div className={`${styles.columns} ${styles.level}`}>
          <Textarea
            label={words.token}
            description={words.tokenHelp}
            classNames={{ input: styles.mono ?? "" }}
            rows={6}
            spellCheck={false}
            value={token}
            onChange={({ currentTarget }) => {
              setToken(currentTarget.value);
              forget();
            }}
          />
          <Textarea
            label={words.form}
            description={words.formHelp}
            classNames={{ input: styles.mono ?? "" }}
            rows={6}
            spellCheck={false}
            placeholder={words.formExample}
            value={form}
            onChange={({ currentTarget: { value } }) => {
              setForm(value);
              // A command that is pasted brings a token of its own.
              setToken((before) => parseForm(value).token ?? before);
              forget();
            }}
          />
        </div>
        <div>
          <Button ref={submit} type="submit" loading={isBusy} disabled={!hasToken}>
            {words.submit}
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {problem !== undefined && (
          <Alert color="red" mt="md" title={problem.message}>
            {problem.help}
          </Alert>
        )}
        {report !== undefined && <Verdict report={report} />}
      </div>
    </Card>
  );
}

function Verdict({ report: { refusal, rules, parameters, publicKey, expiresAt } }: { readonly report: Report }) {
  return (
    <div className={styles.fields}>
      <Alert
        mt="md"
        color={refusal === null ? "stream" : "red"}
        title={refusal === null ? words.accepted : words.refused(refusal.status, refusal.reason)}
      >
        {refusal === null ? words.acceptedHelp : `${refusal.message} ${refusal.help}`}
      </Alert>
      <Text size="xs" c="dimmed">
        {[publicKey !== null && words.signedBy(publicKey), expiresAt !== null && words.expires(timeText(expiresAt))]
          .filter(Boolean)
          .join(" · ")}
      </Text>
      <Title order={2} size="h6">
        {words.rules}
      </Title>
      <ul className={styles.rules}>
        {rules.map(({ rule, outcome, problems }) => {
          const Icon = icons[outcome];
          return (
            <li key={rule} className={styles.rule}>
              <Icon size={18} className={styles[outcome]} role="img" aria-label={words.outcomes[outcome]} />
              <div>
                <Text size="sm" fw={outcome === "failed" ? 600 : 400} {...(outcome === "skipped" && { c: "dimmed" })}>
                  {words.ruleNames[rule]}
                </Text>
                {problems.map((text) => (
                  <Text key={text} size="sm">
                    {text}
                  </Text>
                ))}
              </div>
            </li>
          );
        })}
      </ul>
      {parameters.length > 0 && <Parameters parameters={parameters} />}
    </div>
  );
}

function Parameters({ parameters }: Pick<Report, "parameters">) {
  return (
    <>
      <Title order={2} size="h6">
        {words.parameters}
      </Title>
      <section className={styles.values} aria-label={words.parameters} tabIndex={0}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.name}</Table.Th>
              <Table.Th>{words.inToken}</Table.Th>
              <Table.Th>{words.inForm}</Table.Th>
              <Table.Th>{words.compared}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {parameters.map(({ name, outcome, inToken, inForm }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{inToken !== null && <code>{inToken}</code>}</Table.Td>
                <Table.Td>{inForm !== null && <code>{inForm}</code>}</Table.Td>
                <Table.Td className={outcome === "same" ? undefined : styles.differs}>
                  {words.differences[outcome]}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </>
  );
}
