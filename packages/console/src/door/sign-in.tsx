import { Alert, Button, Code, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "../api/problem.ts";
import { Brand } from "../shell/brand.tsx";
import { texts } from "../texts/texts.ts";
import { signIn } from "./session.ts";
import styles from "./sign-in.module.css";

interface SignInProps {
  /** The refusal of a one-time link. */
  readonly refused: Problem | undefined;
  /** Whether a session has just ended in this page. */
  readonly wasSignedOut: boolean;
}

/** The form that opens a session with a key pair. */
export function SignIn({ refused, wasSignedOut }: SignInProps) {
  const [problem, setProblem] = useState(refused);
  const [isBusy, setBusy] = useState(false);
  const [isMissing, setMissing] = useState({ publicKey: false, privateKey: false });
  const words = texts.door;

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [publicKey, privateKey] = [String(form.get("publicKey")).trim(), String(form.get("privateKey")).trim()];
    setMissing({ publicKey: publicKey === "", privateKey: privateKey === "" });
    if (publicKey === "" || privateKey === "") return;
    setBusy(true);
    setProblem(undefined);
    await signIn({ publicKey, privateKey }).catch((error: unknown) => setProblem(asProblem(error)));
    setBusy(false);
  }

  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <Brand />
        <Paper className={styles.card} withBorder>
          <form onSubmit={(event) => void submit(event)} noValidate>
            <Stack gap="md">
              <div>
                <Title order={1} size="h3">
                  {words.title}
                </Title>
                <Text c="dimmed" size="sm">
                  {wasSignedOut ? words.signedOut : words.what}
                </Text>
              </div>
              {problem && (
                <Alert color="red" role="alert" title={problem.message}>
                  {problem.help}
                </Alert>
              )}
              <TextInput
                name="publicKey"
                label={words.publicKey}
                placeholder="public_…"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                error={isMissing.publicKey && words.missing}
                autoFocus
              />
              <PasswordInput
                name="privateKey"
                label={words.privateKey}
                placeholder="private_…"
                autoComplete="current-password"
                visibilityToggleButtonProps={{ "aria-label": words.showKey }}
                description={words.privateKeyHint}
                error={isMissing.privateKey && words.missing}
              />
              <Button type="submit" loading={isBusy} fullWidth>
                {words.submit}
              </Button>
            </Stack>
          </form>
        </Paper>
        <details className={styles.where}>
          <summary>{words.where}</summary>
          <Text size="sm">{words.whereAnswer}</Text>
          <Code block>npm run sluice -- account create-key --account demo --role full</Code>
          <Text size="sm">{words.linkHint}</Text>
          <Code block>npm run sluice -- console-link</Code>
        </details>
      </div>
    </main>
  );
}
