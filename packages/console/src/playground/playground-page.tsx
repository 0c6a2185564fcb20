import { Button, Group, Loader, Text, Textarea, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { useMayChange } from "../door/session.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { MakeNamed } from "../settings/make-named.tsx";
import { Act } from "../shell/act.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { ControlField } from "./control-field.tsx";
import { controls } from "./controls.ts";
import styles from "./playground-page.module.css";
import { Results } from "./results.tsx";
import { moved, type Step, stepsIn, textOf } from "./steps.ts";

const words = texts.playground;
/** A change of a control asks for a new picture once the controls have rested for this time. */
const restMs = 350;

/** Tries out transformations on one picture. The text and the controls follow each other. */
export function PlaygroundPage() {
  const { file: fileId, tr = "w-640" } = useSearch({ strict: false }) as {
    readonly file?: string;
    readonly tr?: string;
  };
  const {
    data: file,
    error,
    refetch,
  } = useQuery({
    queryKey: ["file", fileId],
    enabled: fileId !== undefined,
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files/:fileId/details", { parameters: { fileId: String(fileId) } }, signal)).body,
  });
  if (fileId === undefined) {
    return (
      <State title={words.choose} help={words.chooseHelp}>
        <Button component={Link} to="/library/$" params={{ _splat: "" } as never}>
          {texts.shell.toLibrary}
        </Button>
      </State>
    );
  }
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  if (file === undefined) return <Loader m="xl" aria-label={texts.shell.loading} />;
  if (file.isPrivateFile || !file.isPublished) return <State title={words.notPublic} help={words.notPublicHelp} />;
  return <Playground file={file} text={tr} />;
}

function Playground({ file, text }: { readonly file: LibraryFile; readonly text: string }) {
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const [typed, setTyped] = useState(text);
  const [isSaving, setSaving] = useState(false);
  const [settled] = useDebouncedValue(typed, restMs);
  const steps = stepsIn(typed);
  const setSteps = (next: readonly Step[]) => setTyped(textOf(next));
  useEffect(() => {
    void navigate({ to: "/playground", search: { file: file.fileId, tr: settled } as never, replace: true });
  }, [navigate, file.fileId, settled]);

  return (
    <div className={styles.page}>
      <div className={styles.side}>
        <Title order={1} size="h4">
          {words.title}
        </Title>
        <Text size="sm" c="dimmed">
          {file.name}
        </Text>
        <Textarea
          label={words.text}
          description={words.textHelp}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value.replace(/\s/g, ""))}
          autosize
          spellCheck={false}
          classNames={{ input: styles.text ?? "" }}
        />
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
          <section key={index} className={styles.step} aria-label={words.step(index + 1)}>
            <Group justify="space-between">
              <Text size="sm" fw={600}>
                {words.step(index + 1)}
              </Text>
              {steps.length > 1 && (
                <Group gap={2}>
                  <Act
                    label={words.earlier}
                    icon={ArrowUp}
                    isOff={index === 0}
                    run={() => setSteps(moved(steps, index, index - 1))}
                  />
                  <Act
                    label={words.later}
                    icon={ArrowDown}
                    isOff={index === steps.length - 1}
                    run={() => setSteps(moved(steps, index, index + 1))}
                  />
                  <Act
                    label={words.removeStep}
                    icon={X}
                    run={() => setSteps(steps.filter((_, other) => other !== index))}
                  />
                </Group>
              )}
            </Group>
            <div className={styles.controls}>
              {controls.map((control) => (
                <ControlField
                  key={control.key}
                  control={control}
                  step={step}
                  onChange={(changed) => setSteps(steps.map((other, place) => (place === index ? changed : other)))}
                />
              ))}
            </div>
          </section>
        ))}
        <Group>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<Plus size={16} />}
            onClick={() => setTyped(`${typed}:w-${file.width ?? 400}`)}
          >
            {words.addStep}
          </Button>
          {mayChange && (
            <Button variant="default" size="compact-md" onClick={() => setSaving(true)} disabled={typed === ""}>
              {words.save}
            </Button>
          )}
        </Group>
      </div>
      <Results file={file} text={settled} />
      {isSaving && <MakeNamed transformation={typed} onClose={() => setSaving(false)} />}
    </div>
  );
}
