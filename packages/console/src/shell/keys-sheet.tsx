import { Kbd, Modal, Table } from "@mantine/core";
import { texts } from "../texts/texts.ts";

export function KeysSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={texts.keys.title} closeButtonProps={{ "aria-label": texts.shell.close }}>
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
    </Modal>
  );
}
