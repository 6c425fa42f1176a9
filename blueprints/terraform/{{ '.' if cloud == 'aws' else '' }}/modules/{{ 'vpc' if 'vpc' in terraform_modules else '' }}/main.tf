locals {
  # The block is cut into eight parts: one for the private subnet of each of up to six zones, one
  # shared by the public and one by the database subnets. The cut does not depend on how many
  # zones are in use, so a zone that is added later moves no existing subnet.
  public_block   = cidrsubnet(var.cidr, 3, 6)
  database_block = cidrsubnet(var.cidr, 3, 7)

  private_cidrs  = { for index, zone in var.availability_zones : zone => cidrsubnet(var.cidr, 3, index) }
  public_cidrs   = { for index, zone in var.availability_zones : zone => cidrsubnet(local.public_block, 3, index) }
  database_cidrs = { for index, zone in var.availability_zones : zone => cidrsubnet(local.database_block, 3, index) }

  # Which zone's NAT gateway a zone goes through.
  nat_zones = { for zone in var.availability_zones : zone => var.single_nat_gateway ? var.availability_zones[0] : zone }

  cluster_tags  = var.cluster_name == null ? {} : { "kubernetes.io/cluster/${var.cluster_name}" = "shared" }
  public_tags   = var.cluster_name == null ? {} : { "kubernetes.io/role/elb" = "1" }
  internal_tags = var.cluster_name == null ? {} : { "kubernetes.io/role/internal-elb" = "1" }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = merge(var.tags, { Name = var.name })
}

# Without a rule in it: whatever forgets to name a security group can talk to nobody.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = merge(var.tags, { Name = "${var.name}-default-deny" })
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_subnet" "public" {
  for_each = local.public_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = merge(var.tags, local.cluster_tags, local.public_tags, { Name = "${var.name}-public-${each.key}", Tier = "public" })
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = merge(var.tags, local.cluster_tags, local.internal_tags, { Name = "${var.name}-private-${each.key}", Tier = "private" })
}

resource "aws_subnet" "database" {
  for_each = local.database_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = merge(var.tags, { Name = "${var.name}-database-${each.key}", Tier = "database" })
}
