from .bundle import pack_evidence as pack_evidence
