"""The section `batch` of `params.yaml`."""

from ...params_section import Section, Share


class Batch(Section):
    """Limits of a batch run."""

    max_rejected_share: Share
