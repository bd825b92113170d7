"""The section `batch` of `params.yaml`."""

from ...params_section import Section, Share


class Batch(Section):
    """When a run of the batch target is refused."""

    max_rejected_share: Share
