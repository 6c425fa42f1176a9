mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_data "aws_vpc_endpoint_service" {
    defaults = {
      service_name = "com.amazonaws.eu-west-1.mock"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-west-1:111122223333:log-group:mock"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/mock"
    }
  }
}

variables {
  name               = "acme-dev"
  cidr               = "10.0.0.0/16"
  availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
}

run "cuts_the_block_into_three_tiers" {
  command = plan

  assert {
    condition     = [for zone in var.availability_zones : aws_subnet.private[zone].cidr_block] == ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"]
    error_message = "A private subnet has to be an eighth of the block."
  }

  assert {
    condition     = [for zone in var.availability_zones : aws_subnet.public[zone].cidr_block] == ["10.0.192.0/22", "10.0.196.0/22", "10.0.200.0/22"]
    error_message = "Public subnets have to lie in the seventh eighth."
  }

  assert {
    condition     = [for zone in var.availability_zones : aws_subnet.database[zone].cidr_block] == ["10.0.224.0/22", "10.0.228.0/22", "10.0.232.0/22"]
    error_message = "Database subnets have to lie in the last eighth."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.tags["Tier"] == "private"]) && alltrue([for subnet in aws_subnet.database : subnet.tags["Tier"] == "database"])
    error_message = "Other roots find the subnets by their tier."
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private), values(aws_subnet.database)) : !subnet.map_public_ip_on_launch])
    error_message = "No subnet may hand out public addresses."
  }
}

run "keeps_addresses_when_zones_are_added" {
  command = plan

  variables {
    availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d", "eu-west-1e", "eu-west-1f"]
  }

  assert {
    condition     = aws_subnet.private["eu-west-1a"].cidr_block == "10.0.0.0/19" && aws_subnet.private["eu-west-1f"].cidr_block == "10.0.160.0/19"
    error_message = "More zones must not move the subnets of the first ones."
  }

  assert {
    condition     = length(distinct([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private), values(aws_subnet.database)) : subnet.cidr_block])) == 18
    error_message = "Six zones need eighteen different subnets."
  }
}

run "fits_the_smallest_block" {
  command = plan

  variables {
    cidr = "172.16.16.0/20"
  }

  assert {
    condition     = aws_subnet.private["eu-west-1a"].cidr_block == "172.16.16.0/23" && aws_subnet.database["eu-west-1c"].cidr_block == "172.16.30.128/26"
    error_message = "A /20 has to give /23 and /26 subnets."
  }
}

run "has_a_way_out_in_every_zone" {
  command = apply

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(output.nat_public_ips) == 3
    error_message = "Every zone needs a NAT gateway of its own."
  }

  assert {
    condition     = alltrue([for zone in var.availability_zones : aws_route.private_nat[zone].nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "A zone has to go out through its own NAT gateway."
  }

  assert {
    condition     = alltrue([for ids in [output.public_subnet_ids, output.private_subnet_ids, output.database_subnet_ids] : toset(keys(ids)) == toset(var.availability_zones)])
    error_message = "Subnet IDs have to be keyed by zone."
  }

  assert {
    condition     = output.vpc_id == aws_vpc.this.id && output.vpc_cidr == "10.0.0.0/16"
    error_message = "The VPC has to be handed out with its block."
  }
}

run "saves_nat_gateways_on_request" {
  command = apply

  variables {
    single_nat_gateway = true
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a"]
    error_message = "There has to be exactly one NAT gateway, in the first zone."
  }

  assert {
    condition     = alltrue([for route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this["eu-west-1a"].id])
    error_message = "All zones have to go out through the only NAT gateway."
  }
}

run "tags_subnets_for_a_cluster" {
  command = plan

  variables {
    cluster_name = "acme-dev"
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.tags["kubernetes.io/role/internal-elb"] == "1" && subnet.tags["kubernetes.io/cluster/acme-dev"] == "shared"])
    error_message = "Private subnets have to be found for internal load balancers."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.tags["kubernetes.io/role/elb"] == "1"])
    error_message = "Public subnets have to be found for public load balancers."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.database : toset(keys(subnet.tags)) == toset(["Name", "Tier"])])
    error_message = "No load balancer may land in a database subnet."
  }
}

run "leaves_the_tags_out_without_a_cluster" {
  command = plan

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : toset(keys(subnet.tags)) == toset(["Name", "Tier"])])
    error_message = "Without a cluster there must be no discovery tags."
  }
}

run "logs_flows_encrypted" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.flow_logs.retention_in_days == 365
    error_message = "Flow logs have to be encrypted with the key and kept for a year."
  }

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL"
    error_message = "Accepted and rejected traffic has to be logged."
  }
}

run "opens_private_endpoints_on_request" {
  command = plan

  variables {
    interface_endpoints = ["ecr.api", "sts"]
  }

  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["ecr.api", "sts"] && alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled])
    error_message = "Each service needs an endpoint under its usual name."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.0.0.0/16" && aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443
    error_message = "Endpoints are for HTTPS from inside of the VPC."
  }
}

run "has_only_the_s3_endpoint_otherwise" {
  command = plan

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.interface) == 0 && length(aws_security_group.endpoints) == 0
    error_message = "Interface endpoints cost money and must be asked for."
  }
}

run "rejects_a_bad_name" {
  command = plan

  variables {
    name = "acme_dev"
  }

  expect_failures = [var.name]
}

run "rejects_a_block_that_is_too_small" {
  command = plan

  variables {
    cidr = "10.0.0.0/24"
  }

  expect_failures = [var.cidr]
}

run "rejects_a_block_with_host_bits" {
  command = plan

  variables {
    cidr = "10.0.0.1/16"
  }

  expect_failures = [var.cidr]
}

run "rejects_a_single_zone" {
  command = plan

  variables {
    availability_zones = ["eu-west-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "rejects_zones_of_two_regions" {
  command = plan

  variables {
    availability_zones = ["eu-west-1a", "eu-central-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "rejects_other_bad_values" {
  command = plan

  variables {
    cluster_name            = "-acme"
    interface_endpoints     = ["s3"]
    kms_key_arn             = "alias/acme-dev"
    flow_log_retention_days = 100
  }

  expect_failures = [var.cluster_name, var.interface_endpoints, var.kms_key_arn, var.flow_log_retention_days]
}
