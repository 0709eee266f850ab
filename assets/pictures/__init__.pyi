from .inspect_task import inspect_query as inspect_query
from .inspector import Inspector as Inspector
from .local_features import descriptors_of as descriptors_of
from .local_features import keypoints_of as keypoints_of
from .local_features import pixels_of as pixels_of
from .perceptual_hash import parse_hex as parse_hex
from .unreadable import PASSING as PASSING
from .unreadable import describe_unreadable as describe_unreadable
