"""A module may be used only through its public face; every other file in it is private."""

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PublicFaceContract(Contract):
    """`modules`: the owners; `public`: the names of their files that others may import."""

    modules: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment] # read by the class
    public: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment] # read by the class

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter calls it so
        del verbose
        broken = sorted({line for owner in self.modules for line in self._trespasses(graph, owner)})
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} reaches into {imported}")

    def _trespasses(self, graph: ImportGraph, owner: str) -> Iterator[tuple[str, str]]:
        inside = {owner} | graph.find_descendants(owner)
        faces = tuple(f"{owner}.{face}" for face in self.public)
        for imported in inside:
            if any(imported == face or imported.startswith(f"{face}.") for face in faces):
                continue
            for importer in graph.find_modules_that_directly_import(imported) - inside:
                yield importer, imported
