import { Kbd, Table } from "@mantine/core";
import { Dialog } from "../dialogs/dialog.tsx";
import { texts } from "../texts/texts.ts";

export function KeysSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={texts.keys.title} onClose={onClose}>
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {texts.keys.list.map(([key, does]) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" w="45%">
                <Kbd>{key}</Kbd>
              </Table.Th>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
