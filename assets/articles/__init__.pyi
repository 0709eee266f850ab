from .article import read_article as read_article
from .metadata import page_links as page_links
