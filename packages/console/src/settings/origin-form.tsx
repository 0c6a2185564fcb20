import { Alert, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import { texts } from "../texts/texts.ts";
import { EntryForm, type TextOf } from "./entry-form.tsx";
import { type Member, membersOf, type Origin, type OriginType, originKinds } from "./origin-kinds.ts";

interface OriginFormProps {
  readonly origin: Origin | undefined;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

const words = texts.settings.origins;
const types = Object.keys(originKinds) as OriginType[];
const awsKeys: readonly string[] = ["accessKey", "secretKey"];

/** Makes an origin, or replaces one. Secrets are written each time, since the server never shows them. */
export function OriginForm({ origin, onClose, onDone }: OriginFormProps) {
  const [type, setType] = useState<OriginType>(origin?.type ?? "WEB_FOLDER");
  const known = (origin?.type === type ? origin : {}) as Readonly<Record<string, unknown>>;
  const [usesRole, setUsesRole] = useState(known.useIAMRole === true);
  // The machine's role stands in the keys' stead.
  const members = membersOf(type).filter(({ name }) => !(usesRole && awsKeys.includes(name)));
  const hasSecrets = members.some(({ kind }) => kind === "secret" || kind === "longSecret");

  async function send(text: TextOf): Promise<void> {
    const values = members.flatMap((member) => {
      const value = valueIn(member, text(member.name));
      return value === undefined ? [] : [[member.name, value]];
    });
    const body = { name: text("name"), type, ...Object.fromEntries(values) } as never;
    if (origin === undefined) await call("POST /v1/accounts/origins", { body });
    else await call("PUT /v1/accounts/origins/:id", { parameters: { id: origin.id }, body });
    await onDone();
  }

  return (
    <EntryForm
      title={origin === undefined ? words.make : words.change}
      submit={origin === undefined ? texts.dialogs.create : texts.details.save}
      fields={["name", "type", ...members.map(({ name }) => name)]}
      onSend={send}
      onClose={onClose}
    >
      {(problemOf) => (
        <>
          <TextInput
            name="name"
            label={words.name}
            description={words.nameHelp}
            defaultValue={origin?.name ?? ""}
            error={problemOf("name")}
            required
            mb="sm"
            data-autofocus
          />
          <NativeSelect
            label={words.type}
            description={words.typeHelp[type]}
            value={type}
            error={problemOf("type")}
            data={types.map((value) => ({ value, label: words.types[value] }))}
            mb="sm"
            onChange={({ currentTarget }) => {
              const next = currentTarget.value as OriginType;
              setType(next);
              setUsesRole(next === origin?.type && "useIAMRole" in origin && origin.useIAMRole === true);
            }}
          />
          {origin !== undefined && hasSecrets && (
            <Alert color="yellow" mb="sm">
              {words.secretsAgain}
            </Alert>
          )}
          {members.map((member) => (
            <MemberField
              key={`${type} ${member.name}`}
              member={member}
              known={known[member.name]}
              problem={problemOf(member.name)}
              onFlag={(isOn) => member.name === "useIAMRole" && setUsesRole(isOn)}
            />
          ))}
        </>
      )}
    </EntryForm>
  );
}

interface MemberFieldProps {
  readonly member: Member;
  readonly known: unknown;
  readonly problem: string | undefined;
  readonly onFlag: (isOn: boolean) => void;
}

function MemberField({ member: { name, kind, isOptional }, known, problem, onFlag }: MemberFieldProps) {
  const label = words.members[name as keyof typeof words.members];
  const help = words.memberHelp[name as keyof typeof words.memberHelp];
  const shared = { name, label, description: help, error: problem, required: isOptional !== true, mb: "sm" } as const;
  switch (kind) {
    case "flag":
      return (
        <Switch
          name={name}
          value="on"
          label={label}
          description={help}
          defaultChecked={known === true}
          mb="sm"
          onChange={({ currentTarget }) => onFlag(currentTarget.checked)}
        />
      );
    case "hosts":
      return (
        <Textarea
          {...shared}
          defaultValue={Array.isArray(known) ? known.join("\n") : ""}
          placeholder="images.example.com"
          autosize
          minRows={2}
          spellCheck={false}
        />
      );
    case "longSecret":
      return <Textarea {...shared} autosize minRows={3} maxRows={6} spellCheck={false} autoComplete="off" />;
    case "secret":
      return <TextInput {...shared} type="password" autoComplete="new-password" spellCheck={false} />;
    case "url":
    case "text":
      return (
        <TextInput
          {...shared}
          defaultValue={typeof known === "string" ? known : ""}
          placeholder={kind === "url" ? "https://" : ""}
          spellCheck={false}
        />
      );
  }
}

/** @returns undefined for a member that is left out */
function valueIn({ kind, isOptional }: Member, text: string): unknown {
  if (kind === "flag") return text === "on";
  if (text === "" && isOptional === true) return undefined;
  if (kind === "hosts") return text.split(/[\s,]+/).filter(Boolean);
  return text;
}
